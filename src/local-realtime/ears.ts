/**
 * The engine's ears: soundswallower at telephone bandwidth, listening for hotel talk while the guest speaks. A second, small
 * decoder listens for any speech: what fits that far better is not understood rather than forced into a request.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { anySpeech } from './any-speech.ts';
import { waysToSay } from './composed-words.ts';
import { DecoderMaker, readPronunciations, type Decoder, type Pronunciations } from './decoder.ts';
import { readHotelTalk } from './hotel-talk.ts';
import type { Ears, Heard, Hearing } from './ports.ts';
import { SpeechLevel } from './speech-level.ts';
import { SpeechPace } from './speech-pace.ts';

/**
 * Utterances recognised while they are spoken. Each costs about 70 MB and half a second to prepare, so the first is there
 * from the start and others once they were missed. Further ones are recognised at their end.
 */
const LIVE_UTTERANCES = 3;
/** Audio that an utterance may hold back, in samples: a minute. What comes after it is not heard. */
const MAX_WAITING_SAMPLES = 60 * 8000;
/**
 * Grammar, dictionary and acoustic model of a language; what may end any utterance; how much better any speech may fit, by
 * the root of the seconds.
 */
const LANGUAGES = {
  en: { model: 'en-us', grammar: 'grammar/en/', please: 'please', worstFit: -2350 },
  fr: { model: 'fr-fr', grammar: 'grammar/fr/', please: "s'il_vous_plaît", worstFit: -2600 },
} as const;
export type EarLanguage = keyof typeof LANGUAGES;

/** @returns whether there are ears for a language. */
export const canHear = (language: string): language is EarLanguage => Object.hasOwn(LANGUAGES, language);

/** Wide enough for noisy lines; narrower beams lose one utterance in ten and save half of the time. */
const TALK_SETTINGS = { beam: 1e-60, pbeam: 1e-60, wbeam: 1e-48 };
const TALK_WEIGHT = 6.5;
const ANY_SETTINGS = { beam: 1e-30, pbeam: 1e-30, wbeam: 1e-20 };
const ANY_WEIGHT = 2;
/** From sure to unsure, where each language has its worst fit that still counts. Measured. */
const FIT_RANGE = 1500;

/**
 * @param hasOthers whether guests may ask for another language. @param isUsual ready for a guest from the start; else the
 * first utterance is recognised at its end. @throws Error when the recogniser, its model or the grammar cannot be loaded.
 */
export async function loadEars(
  language: EarLanguage = 'en',
  { hasOthers = false, isUsual = true } = {},
): Promise<Ears> {
  const { model, grammar, please, worstFit } = LANGUAGES[language];
  const models = join(dirname(createRequire(import.meta.url).resolve('soundswallower')), 'model/');
  const folder = new URL(grammar, import.meta.url);
  const [maker, network, words] = await Promise.all([
    DecoderMaker.load(models, model),
    readHotelTalk(folder, { please, hasSwitch: hasOthers }),
    readPronunciations(join(models, model, 'dict.txt'), new URL('pronunciations.txt', folder)),
  ]);
  const anything = anySpeech(words);
  const said = new Set(network.arcs.flatMap(({ word }) => word ?? []));
  // The rest of the dictionary is not kept.
  const ours = new Map([...said].map((word) => [word, waysToSay(word, words) ?? []]));
  const makePair = async (): Promise<Pair> => ({
    talk: await maker.make(network, ours, TALK_SETTINGS, TALK_WEIGHT),
    anything: await maker.make(anything.network, anything.sounds, ANY_SETTINGS, ANY_WEIGHT),
    words: ours,
    worstFit,
  });
  return new SwallowerEars(maker, makePair, await makePair(), isUsual ? [await makePair()] : []);
}

/** Both listen to the same utterance. */
interface Pair {
  talk: Decoder;
  anything: Decoder;
  /** How the words of hotel talk are said. */
  words: Pronunciations;
  /** Of the talk, that is still understood. */
  worstFit: number;
}

const NOTHING: Heard = { text: '', isUnderstood: false, confidence: 0 };

class SwallowerEars implements Ears {
  readonly #maker: DecoderMaker;
  readonly #makePair: () => Promise<Pair>;
  readonly #idle: Pair[];
  /** For utterances that found no decoder: used only within one call, so that it is always free. */
  readonly #spare: Pair;
  #livePairs: number;
  #isMaking = false;
  #isClosed = false;

  constructor(maker: DecoderMaker, makePair: () => Promise<Pair>, spare: Pair, idle: Pair[]) {
    this.#maker = maker;
    this.#makePair = makePair;
    this.#spare = spare;
    this.#idle = idle;
    this.#livePairs = idle.length;
  }

  listen(): Hearing {
    const pair = this.#idle.pop();
    if (pair) return new Utterance(this.#maker, pair, () => this.#free(pair));
    void this.#makeAnother();
    return new LateUtterance(() => new Utterance(this.#maker, this.#spare, () => {}));
  }

  close(): void {
    this.#isClosed = true;
    for (const pair of [this.#spare, ...this.#idle.splice(0)]) forget(pair);
  }

  #free(pair: Pair): void {
    if (this.#isClosed) forget(pair);
    else this.#idle.push(pair);
  }

  async #makeAnother(): Promise<void> {
    if (this.#isMaking || this.#livePairs >= LIVE_UTTERANCES) return;
    this.#isMaking = true;
    try {
      this.#free(await this.#makePair());
      this.#livePairs += 1;
    } catch {
      // Without memory for another, utterances go on being recognised at their end.
      this.#livePairs = LIVE_UTTERANCES;
    } finally {
      this.#isMaking = false;
    }
  }
}

function forget({ talk, anything }: Pair): void {
  talk.delete();
  anything.delete();
}

class Utterance implements Hearing {
  readonly #maker: DecoderMaker;
  readonly #pair: Pair;
  readonly #free: () => void;
  readonly #level = new SpeechLevel();
  readonly #pace = new SpeechPace();
  #samples = 0;
  #isOver = false;
  #isOpen = false;

  constructor(maker: DecoderMaker, pair: Pair, free: () => void) {
    this.#maker = maker;
    this.#pair = pair;
    this.#free = free;
  }

  feed(pcm: Int16Array): void {
    if (!this.#isOver && this.#samples < MAX_WAITING_SAMPLES) this.#hear(this.#level.even(pcm));
  }

  finish(): Heard {
    if (this.#isOver) return NOTHING;
    this.#isOver = true;
    try {
      this.#hear(this.#level.rest());
      if (!this.#isOpen) return NOTHING;
      this.#stop();
      const text = this.#pair.talk.get_text().trim();
      if (text === '' || this.#level.isSilent || !this.#pace.fits(text, this.#pair.words)) return NOTHING;
      const fit = this.#maker.scoreOf(this.#pair.talk) - this.#maker.scoreOf(this.#pair.anything);
      const confidence = confidenceOf(fit / Math.sqrt(Math.max(0.5, this.#samples / 8000)) - this.#pair.worstFit);
      return { text: written(text), isUnderstood: confidence >= 0.5, confidence };
    } finally {
      this.#free();
    }
  }

  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isOpen) this.#stop();
    this.#free();
  }

  #hear(sound: Float32Array): void {
    if (sound.length === 0) return;
    this.#samples += sound.length;
    this.#pace.hear(sound);
    for (const decoder of [this.#pair.talk, this.#pair.anything])
      if (this.#isOpen) decoder.process_audio(sound);
      else this.#maker.start(decoder, sound);
    this.#isOpen = true;
  }

  #stop(): void {
    this.#pair.talk.stop();
    this.#pair.anything.stop();
  }
}

/** Words that are said as one are written as several: `s'il_vous_plaît`, `d' eau`. */
const written = (text: string): string => text.replaceAll('_', ' ').replaceAll("' ", "'");

/** 0.5 at the worst fit that is still understood, towards 1 above it. */
const confidenceOf = (spare: number): number => 1 / (1 + Math.exp(-spare / FIT_RANGE));

/** Keeps its audio until the end, when more guests speak at once than there are decoders. */
class LateUtterance implements Hearing {
  readonly #open: () => Hearing;
  #kept: Int16Array[] = [];
  #keptSamples = 0;

  constructor(open: () => Hearing) {
    this.#open = open;
  }

  feed(pcm: Int16Array): void {
    if (this.#keptSamples + pcm.length > MAX_WAITING_SAMPLES) return;
    this.#kept.push(pcm.slice());
    this.#keptSamples += pcm.length;
  }

  finish(): Heard {
    const hearing = this.#open();
    for (const pcm of this.#kept) hearing.feed(pcm);
    this.discard();
    return hearing.finish();
  }

  discard(): void {
    this.#kept = [];
  }
}

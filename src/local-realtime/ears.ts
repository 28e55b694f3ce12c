/**
 * The engine's ears: soundswallower at telephone bandwidth with a grammar of hotel talk. Recognises while speech comes in;
 * what does not fit the grammar well is not understood rather than forced into it.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import createModule, { type Decoder, type Segment, type SoundSwallowerModule } from 'soundswallower';
import { hotelGrammar } from './grammar.ts';
import type { Ears, Heard, Hearing } from './ports.ts';
import { PRONUNCIATIONS } from './vocabulary.ts';

/** Utterances that can be open at once; one more is not understood. Each decoder costs some tens of megabytes. */
const MAX_DECODERS = 8;
/** Words below this are guesses: see the corpus tests for where it comes from. */
const MIN_CONFIDENCE = 0.84;

/** @throws Error when the recogniser or its model cannot be loaded. */
export async function loadEars(): Promise<Ears> {
  const model = join(dirname(createRequire(import.meta.url).resolve('soundswallower')), 'model/');
  const module = await (createModule as unknown as (options: object) => Promise<SoundSwallowerModule>)({
    modelBase: model,
  });
  const ears = new SwallowerEars(module);
  await ears.prepare();
  return ears;
}

class SwallowerEars implements Ears {
  readonly #module: SoundSwallowerModule;
  readonly #idle: Decoder[] = [];
  #made = 0;

  constructor(module: SoundSwallowerModule) {
    this.#module = module;
  }

  async prepare(): Promise<void> {
    for (let i = 0; i < MAX_DECODERS / 2; i++) this.#idle.push(await this.#make());
  }

  listen(): Hearing {
    const decoder = this.#idle.pop();
    if (!decoder) return deaf;
    return new Utterance(decoder, () => this.#idle.push(decoder));
  }

  close(): void {
    for (const decoder of this.#idle.splice(0)) decoder.delete();
  }

  async #make(): Promise<Decoder> {
    this.#made++;
    const decoder = new this.#module.Decoder({ samprate: 8000, loglevel: 'FATAL' });
    await decoder.initialize();
    for (const [word, phones] of PRONUNCIATIONS) if (!decoder.lookup_word(word)) decoder.add_words([word, phones]);
    decoder.set_grammar(hotelGrammar());
    return decoder;
  }
}

const NOTHING: Heard = { text: '', isUnderstood: false, confidence: 0 };
const deaf: Hearing = { feed: () => {}, finish: () => NOTHING, discard: () => {} };

class Utterance implements Hearing {
  readonly #decoder: Decoder;
  readonly #done: () => void;
  #isOver = false;

  constructor(decoder: Decoder, done: () => void) {
    this.#decoder = decoder;
    this.#done = done;
    decoder.start();
  }

  feed(pcm: Int16Array): void {
    if (!this.#isOver) this.#decoder.process_audio(Float32Array.from(pcm, (sample) => sample / 32_768));
  }

  finish(): Heard {
    if (this.#isOver) return NOTHING;
    this.#isOver = true;
    try {
      this.#decoder.stop();
      const text = this.#decoder.get_text().trim();
      if (text === '') return NOTHING;
      const confidence = confidenceOf(this.#decoder.get_alignment());
      return { text, isUnderstood: confidence >= MIN_CONFIDENCE, confidence };
    } catch {
      return NOTHING;
    } finally {
      this.#done();
    }
  }

  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#decoder.stop();
    this.#done();
  }
}

/** The mean probability of the words, weighted by how long they last. */
function confidenceOf({ w: words = [] }: Segment): number {
  const spoken = words.filter(({ t }) => /^[a-z]/.test(t));
  const duration = spoken.reduce((sum, { d }) => sum + d, 0);
  return duration === 0 ? 0 : spoken.reduce((sum, { d, p }) => sum + d * p, 0) / duration;
}

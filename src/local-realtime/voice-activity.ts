/** Tells frames with speech from frames without: the WebRTC detector together with the level above the line's noise. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const FRAME_MS = 20;
export const FRAME_SAMPLES = 160;

/** Frames below this level are never speech, whatever the line. */
const QUIETEST_SPEECH_DB = -52;
const DIGITAL_SILENCE_DB = -75;
/** The noise floor is the quietest frame of the last ten blocks of ten frames: 2 s. */
const BLOCK_FRAMES = 10;
const BLOCKS = 10;

interface Fvad {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _fvad_new(): number;
  _fvad_free(instance: number): void;
  _fvad_reset(instance: number): void;
  _fvad_set_mode(instance: number, mode: number): number;
  _fvad_set_sample_rate(instance: number, hz: number): number;
  _fvad_process(instance: number, frame: number, samples: number): number;
  HEAP16: Int16Array;
}

/** One line's detector. `close()` gives its memory back. */
export interface VoiceActivity {
  /** @param frame 160 samples, 8 kHz. @param threshold 0 to 1: the higher, the louder and clearer speech has to be. */
  isSpeech(frame: Int16Array, threshold: number): boolean;
  close(): void;
}

/** Makes detectors that share one WASM module. */
export interface VoiceActivityMaker {
  create(): VoiceActivity;
}

export async function loadVoiceActivity(): Promise<VoiceActivityMaker> {
  const specifier = '@echogarden/fvad-wasm';
  const { default: load } = (await import(specifier)) as { default: (options: object) => Promise<Fvad> };
  const wasmBinary = await readFile(fileURLToPath(import.meta.resolve('@echogarden/fvad-wasm/fvad.wasm')));
  const fvad = await load({ wasmBinary });
  return { create: () => new FvadActivity(fvad) };
}

class FvadActivity implements VoiceActivity {
  readonly #fvad: Fvad;
  readonly #instance: number;
  readonly #frame: number;
  #mode = -1;
  #isClosed = false;
  #quietest: number[] = [];
  #blockFrames = 0;

  constructor(fvad: Fvad) {
    this.#fvad = fvad;
    this.#instance = fvad['_fvad_new']();
    this.#frame = fvad['_malloc'](FRAME_SAMPLES * 2);
    fvad['_fvad_set_sample_rate'](this.#instance, 8000);
  }

  isSpeech(frame: Int16Array, threshold: number): boolean {
    if (this.#isClosed) return false;
    this.#setMode(Math.min(3, Math.floor(threshold * 3)));
    this.#fvad.HEAP16.set(frame, this.#frame / 2);
    const isVoiced = this.#fvad['_fvad_process'](this.#instance, this.#frame, FRAME_SAMPLES) === 1;
    const levelDb = levelOf(frame);
    const floorDb = this.#noiseFloor(levelDb);
    return isVoiced && levelDb > Math.max(QUIETEST_SPEECH_DB, floorDb + 2 + 8 * threshold);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fvad['_fvad_free'](this.#instance);
    this.#fvad['_free'](this.#frame);
  }

  #setMode(mode: number): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#fvad['_fvad_set_mode'](this.#instance, mode);
  }

  #noiseFloor(levelDb: number): number {
    if (this.#blockFrames === 0) {
      this.#quietest.push(levelDb);
      if (this.#quietest.length > BLOCKS) this.#quietest.shift();
    }
    const last = this.#quietest.length - 1;
    this.#quietest[last] = Math.min(this.#quietest[last]!, levelDb);
    this.#blockFrames = (this.#blockFrames + 1) % BLOCK_FRAMES;
    return Math.min(...this.#quietest);
  }
}

/** Root mean square in decibels of full scale. */
function levelOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  const rms = Math.sqrt(sum / frame.length) / 32768;
  return rms === 0 ? DIGITAL_SILENCE_DB : Math.max(DIGITAL_SILENCE_DB, 20 * Math.log10(rms));
}

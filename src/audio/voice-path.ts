/** The codec of one call: what the caller's leg carries to what the agent's leg takes, and back. */
import { decodeMulaw, encodeMulaw } from './g711.ts';
import { Downsampler, Upsampler } from './resampler.ts';

export type AudioMode = 'transcode' | 'passthrough';

export interface VoicePath {
  /** What the agent's leg carries: PCM16 little-endian at 24 kHz, or μ-law at 8 kHz. */
  readonly format: 'audio/pcm' | 'audio/pcmu';
  readonly agentBytesPerMs: number;
  /** @param frame μ-law, 8 kHz, any length. @returns the same in the agent's format, valid until the next frame of any call. */
  toAgent(frame: Uint8Array): Uint8Array;
  /** @param audio in the agent's format, any length: halves of samples are carried. @returns μ-law, 8 kHz. */
  toCaller(audio: Uint8Array): Uint8Array;
  /** The agent's item is over. @returns the μ-law that the filter still held. */
  endOfItem(): Uint8Array;
  /** The agent was cut off: what is held of its audio is forgotten. */
  interrupted(): void;
}

export function openVoicePath(mode: AudioMode): VoicePath {
  return mode === 'passthrough' ? passthrough : new Transcoder();
}

const nothing = new Uint8Array(0);

const passthrough: VoicePath = {
  format: 'audio/pcmu',
  agentBytesPerMs: 8,
  toAgent: (frame) => frame,
  toCaller: (audio) => audio,
  endOfItem: () => nothing,
  interrupted: () => {},
};

/** The carrier's usual frame: 20 ms. Its samples pass through memory that all calls share, 50 times a second and call. */
const FRAME_SAMPLES = 160;
const frameAt8Khz = new Int16Array(FRAME_SAMPLES);
const frameAt24Khz = new Int16Array(3 * FRAME_SAMPLES);
const frameBytes = new Uint8Array(frameAt24Khz.buffer);

class Transcoder implements VoicePath {
  readonly format = 'audio/pcm';
  readonly agentBytesPerMs = 48;
  readonly #up = new Upsampler();
  readonly #down = new Downsampler();
  /** The first byte of a sample whose second has not come yet. */
  #half: number | undefined;

  toAgent(frame: Uint8Array): Uint8Array {
    if (frame.length === FRAME_SAMPLES) {
      this.#up.process(decodeMulaw(frame, frameAt8Khz), frameAt24Khz);
      return frameBytes;
    }
    const pcm = this.#up.process(decodeMulaw(frame));
    return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  }

  toCaller(audio: Uint8Array): Uint8Array {
    return encodeMulaw(this.#down.process(this.#samples(audio)));
  }

  endOfItem(): Uint8Array {
    this.#half = undefined;
    return encodeMulaw(this.#down.flush());
  }

  interrupted(): void {
    this.#half = undefined;
    this.#down.reset();
  }

  #samples(audio: Uint8Array): Int16Array {
    const isAligned = this.#half === undefined && audio.length % 2 === 0 && audio.byteOffset % 2 === 0;
    if (isAligned) return new Int16Array(audio.buffer, audio.byteOffset, audio.length / 2);
    const carried = this.#half === undefined ? 0 : 1;
    const bytes = new Uint8Array((carried + audio.length) & ~1);
    if (this.#half !== undefined) bytes[0] = this.#half;
    bytes.set(audio.subarray(0, bytes.length - carried), carried);
    this.#half = (carried + audio.length) % 2 === 1 ? audio[audio.length - 1] : undefined;
    return new Int16Array(bytes.buffer);
  }
}

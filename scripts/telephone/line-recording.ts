/** Both sides of a call as they were on the line, frame by frame: left the caller, right the agent. */
import { decodeMulaw, MULAW_SILENCE } from '../../src/audio/g711.ts';
import { writeWav } from '../../src/audio/wav.ts';
import { BYTES_PER_MS } from './playout-buffer.ts';

/** One hour for each side; what comes later is not kept. */
const MAX_BYTES = 3_600_000 * BYTES_PER_MS;

export class LineRecording {
  readonly #caller: Uint8Array[] = [];
  readonly #agent: Uint8Array[] = [];
  #bytes = 0;

  /** @param caller and @param agent μ-law of the same 20 ms. */
  add(caller: Uint8Array, agent: Uint8Array): void {
    if (this.#bytes + caller.length > MAX_BYTES) return;
    this.#bytes += caller.length;
    this.#caller.push(Uint8Array.from(caller));
    this.#agent.push(agent);
  }

  /** Time that passed without a media stream. */
  addSilence(durationMs: number): void {
    const silence = new Uint8Array(Math.max(0, Math.round(durationMs)) * BYTES_PER_MS).fill(MULAW_SILENCE);
    this.add(silence, silence);
  }

  get durationMs(): number {
    return this.#bytes / BYTES_PER_MS;
  }

  /** 16-bit PCM at 8 kHz. */
  samples(): { caller: Int16Array; agent: Int16Array } {
    return { caller: decodeMulaw(Buffer.concat(this.#caller)), agent: decodeMulaw(Buffer.concat(this.#agent)) };
  }

  /** @returns a whole stereo wav file, 8 kHz. */
  wav(): Uint8Array {
    const { caller, agent } = this.samples();
    return writeWav({ sampleRateHz: 8_000, channels: [caller, agent] });
  }
}

/** Loudness of μ-law audio in decibels of full scale: cheap enough for each frame. */
import { decodeMulawSample } from '../../src/audio/g711.ts';

const SQUARES = Float64Array.from({ length: 256 }, (_, code) => (decodeMulawSample(code) / 32_768) ** 2);

/** What silence reads as: far below anything a telephone line carries. */
export const SILENCE_DBFS = -100;

export class LevelMeter {
  #sum = 0;
  #peak = 0;
  #samples = 0;

  /** @param frame μ-law, any length. */
  add(frame: Uint8Array): void {
    for (const code of frame) {
      const square = SQUARES[code] as number;
      this.#sum += square;
      if (square > this.#peak) this.#peak = square;
    }
    this.#samples += frame.length;
  }

  /** @returns RMS and peak since the last reading, in dBFS (at least `SILENCE_DBFS`), and starts anew. */
  read(): { rmsDbfs: number; peakDbfs: number; samples: number } {
    const mean = this.#samples === 0 ? 0 : this.#sum / this.#samples;
    const reading = { rmsDbfs: decibels(mean), peakDbfs: decibels(this.#peak), samples: this.#samples };
    this.#sum = 0;
    this.#peak = 0;
    this.#samples = 0;
    return reading;
  }
}

const decibels = (square: number): number => Math.max(SILENCE_DBFS, 10 * Math.log10(square));

/** A recording that the carrier is told to play: fetched as the carrier does, as sound of a telephone line. */
import { encodeMulaw } from '../../src/audio/g711.ts';
import { readWav, WavError } from '../../src/audio/wav.ts';

const ANSWER_WITHIN_MS = 5_000;
const RATE_HZ = 8_000;

/** @returns μ-law, 8 kHz; or what is wrong with the recording, in words. */
export async function fetchRecording(url: string): Promise<Uint8Array | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (!response.ok) return `${url} answered ${response.status}`;
    const type = response.headers.get('content-type') ?? 'nothing';
    if (!type.startsWith('audio/')) return `${url} is ${type}, not audio`;
    const { sampleRateHz, channels } = readWav(new Uint8Array(await response.arrayBuffer()));
    if (sampleRateHz !== RATE_HZ || !channels[0]) return `${url} is not at 8 kHz`;
    return encodeMulaw(channels[0]);
  } catch (error) {
    if (error instanceof WavError) return `${url}: ${error.message}`;
    return `${url} does not answer`;
  }
}

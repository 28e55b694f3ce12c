/** What was on the guest's line, frame by frame of 20 ms: who sounded, and when nobody did. Pure. */
import { readWav } from '../../src/audio/wav.ts';
import { AGENT_TONES } from '../../test/peers/acting-script.ts';
import { loudness, toneIn } from '../../test/peers/tones.ts';

export const FRAME_MS = 20;
const RATE_HZ = 8_000;
const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;
const AUDIBLE = 6;

/** An agent by its tone; anything else that can be heard, such as stored words and the soft sound; nothing. */
export type Sound = { agentHz: number } | 'other' | 'silence';

export interface LineSound {
  agent: Sound[];
  /** Whether the guest speaks. */
  guest: boolean[];
}

/** @param wav stereo, left the guest, right the agent. */
export function soundOf(wav: Uint8Array): LineSound {
  const [guest = new Int16Array(), agent = new Int16Array()] = readWav(Buffer.from(wav)).channels;
  return {
    agent: framesOf(agent).map(soundIn),
    guest: framesOf(guest).map((frame) => loudness(frame) > AUDIBLE),
  };
}

function framesOf(samples: Int16Array): Int16Array[] {
  const count = Math.floor(samples.length / FRAME_SAMPLES);
  return Array.from({ length: count }, (_, i) => samples.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES));
}

function soundIn(frame: Int16Array): Sound {
  const agentHz = toneIn(frame, AGENT_TONES, RATE_HZ);
  if (agentHz !== undefined) return { agentHz };
  return loudness(frame) > AUDIBLE ? 'other' : 'silence';
}

export const isAgent = (sound: Sound | undefined): sound is { agentHz: number } => typeof sound === 'object';

/** @returns the first frame from `from` on that fits, or undefined. */
export function firstFrame(
  sounds: readonly Sound[],
  from: number,
  fits: (sound: Sound) => boolean,
): number | undefined {
  for (let at = Math.max(0, from); at < sounds.length; at++) if (fits(sounds[at] as Sound)) return at;
  return undefined;
}

/** @returns the longest run of silence in frames [from, to), in milliseconds. */
export function longestSilenceMs(sounds: readonly Sound[], from: number, to: number): number {
  let longest = 0;
  let run = 0;
  for (let at = Math.max(0, from); at < Math.min(to, sounds.length); at++) {
    run = sounds[at] === 'silence' ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest * FRAME_MS;
}

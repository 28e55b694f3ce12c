/** What a caller says: a fixture's folder, or any wav file, which is split at its pauses. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { encodeMulaw } from '../../src/audio/g711.ts';
import { readWav } from '../../src/audio/wav.ts';
import type { CallerAudio, CallerTurn } from './caller.ts';

const RATE_HZ = 8_000;
const SAMPLES_PER_MS = RATE_HZ / 1000;

/** `transcript.json` of a fixture. Fields that tests add for themselves are kept as they are. */
const transcriptSchema = z.looseObject({
  story: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  turns: z.array(
    z.object({
      startMs: z.number().nonnegative(),
      endMs: z.number().positive(),
      text: z.string().optional(),
      interruptAfterMs: z.number().nonnegative().optional(),
      keys: z.string().optional(),
    }),
  ),
  expected: z.unknown().optional(),
});
export type Transcript = z.infer<typeof transcriptSchema>;

export interface Recording extends CallerAudio {
  /** Undefined for a plain wav file. */
  transcript: Transcript | undefined;
}

/** The file or folder cannot be used; the message is one line for whoever named it. */
export class CallerAudioError extends Error {
  override name = 'CallerAudioError';
}

/** @param path a folder with `caller.wav` and `transcript.json`, or a wav file. @throws CallerAudioError */
export function loadCallerAudio(path: string): Recording {
  if (!existsSync(path)) throw new CallerAudioError(`${path}: there is no such file or folder`);
  try {
    if (!statSync(path).isDirectory()) {
      const samples = loadSamples(path);
      return { turns: splitAtPauses(samples), background: new Uint8Array(0), transcript: undefined };
    }
    const text = readFileSync(join(path, 'transcript.json'), 'utf8');
    const transcript = transcriptSchema.parse(JSON.parse(text));
    return cutTurns(loadSamples(join(path, 'caller.wav')), transcript);
  } catch (error) {
    if (error instanceof CallerAudioError) throw error;
    const why = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
    throw new CallerAudioError(`${path}: ${String(why).replaceAll('\n', ' ')}`, { cause: error });
  }
}

function cutTurns(samples: Int16Array, transcript: Transcript): Recording {
  const cut = (fromMs: number, toMs: number): Uint8Array =>
    encodeMulaw(samples.subarray(Math.round(fromMs * SAMPLES_PER_MS), Math.round(toMs * SAMPLES_PER_MS)));
  const turns = transcript.turns.map(({ startMs, endMs, ...rest }) => ({ ...rest, audio: cut(startMs, endMs) }));
  // The line's own noise before the first words goes on between the turns.
  return { turns, background: cut(0, transcript.turns[0]?.startMs ?? 0), transcript };
}

/** First channel, at 8 kHz. */
function loadSamples(file: string): Int16Array {
  const { sampleRateHz, channels } = readWav(readFileSync(file));
  const samples = channels[0];
  if (!samples || samples.length === 0) throw new CallerAudioError(`${file}: there is no sound in it`);
  return sampleRateHz === RATE_HZ ? samples : resample(samples, sampleRateHz);
}

/** Any rate to 8 kHz by a windowed sinc of 16 zero crossings each side: good enough for a caller's voice. */
function resample(samples: Int16Array, fromHz: number): Int16Array {
  const step = fromHz / RATE_HZ;
  const cutOff = Math.min(1, 1 / step);
  const reach = Math.ceil(16 / cutOff);
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const centre = index * step;
    let sum = 0;
    for (let at = Math.ceil(centre - reach); at <= centre + reach; at++) {
      const distance = at - centre;
      const x = Math.PI * distance * cutOff;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[at] ?? 0) * (x === 0 ? 1 : Math.sin(x) / x) * window * cutOff;
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

const LOOK_MS = 20;
/** Quiet for this long ends a turn. */
const PAUSE_MS = 700;
const PADDING_MS = 60;
/** Speech is at least this far above the quietest tenth of the file, and above a floor. */
const ABOVE_NOISE = 4;
const MIN_SPEECH_RMS = 150;

/** @param samples 8 kHz. @returns what lies between pauses of at least 0.7 s. */
export function splitAtPauses(samples: Int16Array): CallerTurn[] {
  const loudness = loudnessOf(samples);
  const quietest = loudness.toSorted((a, b) => a - b)[Math.floor(loudness.length / 10)] ?? 0;
  const threshold = Math.max(MIN_SPEECH_RMS, Math.min(quietest * ABOVE_NOISE, Math.max(...loudness) / 3));
  const spans: { from: number; to: number }[] = [];
  for (const [look, rms] of loudness.entries()) {
    if (rms < threshold) continue;
    const last = spans.at(-1);
    if (last && (look - last.to) * LOOK_MS < PAUSE_MS) last.to = look + 1;
    else spans.push({ from: look, to: look + 1 });
  }
  return spans.map(({ from, to }) => {
    const start = Math.max(0, from * LOOK_MS - PADDING_MS) * SAMPLES_PER_MS;
    return { audio: encodeMulaw(samples.subarray(start, (to * LOOK_MS + PADDING_MS) * SAMPLES_PER_MS)) };
  });
}

function loudnessOf(samples: Int16Array): number[] {
  const width = LOOK_MS * SAMPLES_PER_MS;
  return Array.from({ length: Math.ceil(samples.length / width) }, (_, look) => {
    const piece = samples.subarray(look * width, (look + 1) * width);
    return Math.sqrt(piece.reduce((sum, sample) => sum + sample * sample, 0) / piece.length);
  });
}

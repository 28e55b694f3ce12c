/** How fast the local engine answers when ten guests talk at once: recorded calls in real time. */
import { resolve } from 'node:path';
import { loadCallerAudio } from '../telephone/caller-audio.ts';
import { placeCall } from '../telephone/place-call.ts';
import { startBellhop } from './targets.ts';

export interface EngineFigures {
  firstAudioMs: number[];
  answersMs: number[];
}

const FIXTURE = resolve(import.meta.dirname, '../../fixtures/calls/extra-towels');
/** Guests do not all call in the same second. */
const APART_MS = 700;

export async function measureEngine(calls: number): Promise<EngineFigures> {
  const bellhop = await startBellhop('transcode', undefined, []);
  try {
    const audio = loadCallerAudio(FIXTURE);
    const outcomes = await Promise.all(
      Array.from({ length: calls }, async (_, index) => {
        await new Promise((done) => void setTimeout(done, index * APART_MS));
        return placeCall({
          webhookUrl: `${bellhop.url}/twilio/voice`,
          authToken: bellhop.authToken,
          audio,
          from: `+1555020${index}`,
        });
      }),
    );
    return {
      firstAudioMs: outcomes.flatMap(({ firstAudioMs }) => firstAudioMs ?? []),
      answersMs: outcomes.flatMap(({ turnLatenciesMs }) => turnLatenciesMs),
    };
  } finally {
    await bellhop.stop();
  }
}

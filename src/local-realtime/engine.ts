/** The whole local Realtime engine in this process: speech workers, the concierge, the server. */
import { availableParallelism } from 'node:os';
import { concierge } from './concierge.ts';
import { canHear } from './ears.ts';
import { startRealtimeServer } from './server.ts';
import { startSpeechWorkers } from './speech-workers.ts';
import { loadVoiceActivity } from './voice-activity.ts';

/** Each speech worker holds its own recogniser in memory (about 90 MB). */
const MAX_SPEECH_WORKERS = 4;

export interface Engine {
  /** Where clients connect, up to `/v1`; the rest is `/realtime?model=`. */
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface EngineOptions {
  host: string;
  port: number;
  log: (message: string) => void;
  /** What is heard and spoken, the usual language first; English when left out. Each further one costs memory. */
  languages?: readonly string[];
}

/**
 * @param port 0: any free port. @param broken told once when the engine cannot go on.
 * @throws when the port cannot be had or speech cannot be loaded.
 */
export async function startEngine(
  { host, port, log, languages }: EngineOptions,
  broken: (why: Error) => void,
): Promise<Engine> {
  const unknown = languages?.filter((language) => !canHear(language)) ?? [];
  if (unknown.length > 0) log(`not spoken here, guests who ask for it are not understood: ${unknown.join(', ')}`);
  const workers = Math.max(1, Math.min(MAX_SPEECH_WORKERS, availableParallelism()));
  const [speech, voiceActivity] = await Promise.all([
    startSpeechWorkers(workers, broken, undefined, languages),
    loadVoiceActivity(),
  ]);
  try {
    const server = await startRealtimeServer({ host, port, speech, voiceActivity, mind: concierge, log });
    return {
      url: `ws://${host.includes(':') ? `[${host}]` : host}:${server.port}/v1`,
      port: server.port,
      async close() {
        await server.close();
        await speech.close();
      },
    };
  } catch (error) {
    await speech.close();
    throw error;
  }
}

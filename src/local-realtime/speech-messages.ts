/** What the speech workers are told and what they answer. */
import type { Heard } from './ports.ts';

export type ToWorker =
  | { kind: 'listen'; id: number; language: string | undefined }
  | { kind: 'feed'; id: number; pcm: Int16Array }
  | { kind: 'finish'; id: number }
  | { kind: 'discard'; id: number }
  | { kind: 'speak'; id: number; text: string; voice: string; sampleRateHz: number; usual: string | undefined };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'heard'; id: number; heard: Heard }
  | { kind: 'spoken'; id: number; pcm: Int16Array }
  | { kind: 'failed'; id: number; message: string };

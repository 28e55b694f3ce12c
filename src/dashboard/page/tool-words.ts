/** What states of tool servers and tools are called on the page. */
import type { AsJson, ServerHead } from '../wire.ts';
import type { Desk } from './desk.ts';
import type { ReviewJson } from './tool-api.ts';
import { clockTime } from './words.ts';

export type HeadJson = AsJson<ServerHead>;

export const STATUS_WORDS: Record<HeadJson['status']['kind'], string> = {
  connected: 'Connected',
  connecting: 'Connecting',
  error: 'Not reached',
  disabled: 'Switched off',
};

export const PATH_WORDS: Record<HeadJson['path'], string> = {
  native: 'called by the model’s side',
  client: 'called by Bellhop',
  none: 'not offered to calls',
};

export const MODE_WORDS: Record<HeadJson['mode'], string> = {
  auto: 'automatic',
  native: 'the model’s side only',
  client: 'Bellhop only',
};

export const TRUST_WORDS: Record<ReviewJson['trust'], string> = {
  approved: 'Approved',
  new: 'New: off until approved',
  changed: 'Changed: off until approved again',
  gone: 'Not listed any more',
};

export const sourceWords = (source: HeadJson['source']): string =>
  source === 'file' ? 'from the file' : 'set up by staff';

/** @returns since when, and what went wrong last. */
export function statusDetails(desk: Desk, { kind, since, lastError }: HeadJson['status']): string[] {
  const time = (iso: string): string => clockTime(desk.me, iso, desk.nowMs());
  const sinceWords = `since ${time(since)}`;
  if (!lastError) return [sinceWords];
  const when = kind === 'error' ? '' : `last error ${time(lastError.at)}: `;
  return [sinceWords, `${when}${lastError.message}`];
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

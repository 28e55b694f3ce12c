/**
 * The colleague whose telephone is dialled: whether they answer, what they hear before they have the guest, which key they
 * press. Follows TwiML on their own leg as the carrier does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DialStatus } from './call-happenings.ts';
import { readTwiml, type Verb } from './twiml.ts';

/** `voicemail` answers and presses nothing. */
export const COLLEAGUES = ['accept', 'decline', 'voicemail', 'busy', 'no-answer'] as const;
export type Colleague = (typeof COLLEAGUES)[number];

export interface ColleagueLeg {
  colleague: Colleague;
  /** How long their telephone rings. */
  ringMs: number;
  /** Asked what to do once they answered; undefined: they have the guest at once. */
  whisperUrl: string | undefined;
  /** The guest hung up: the carrier cancels this leg. */
  signal: AbortSignal;
  /** Posts a webhook of this leg. @returns the answer's text. */
  post(url: string, form: Record<string, string>): Promise<string>;
  hears(text: string): void;
  presses(key: string): void;
}

const MAX_DOCUMENTS = 10;
const KEYS: Partial<Record<Colleague, string>> = { accept: '1', decline: '2' };

/**
 * @returns how the carrier would call the end of the dial, and whether the colleague had the guest on the line.
 * @throws the signal's reason once the guest hung up, and what `post` throws.
 */
export async function ringColleague(leg: ColleagueLeg): Promise<{ status: DialStatus; isJoined: boolean }> {
  const { colleague, ringMs, whisperUrl, signal } = leg;
  if (colleague === 'busy') return { status: 'busy', isJoined: false };
  await sleep(ringMs, undefined, { signal });
  if (colleague === 'no-answer') return { status: 'no-answer', isJoined: false };
  // Whoever picks up has answered, for the carrier, whatever follows.
  return { status: 'completed', isJoined: whisperUrl === undefined || (await isTaken(leg, whisperUrl)) };
}

async function isTaken(leg: ColleagueLeg, whisperUrl: string): Promise<boolean> {
  let document = await leg.post(whisperUrl, {});
  for (let count = 0; count < MAX_DOCUMENTS; count++) {
    const next = await follow(leg, readTwiml(document));
    if (typeof next === 'boolean') return next;
    document = next.document;
  }
  return false;
}

/** @returns the next document; or whether the colleague is joined with the guest, which the end of a document means. */
async function follow(leg: ColleagueLeg, verbs: readonly Verb[]): Promise<boolean | { document: string }> {
  for (const verb of verbs) {
    if (verb.verb === 'say') leg.hears(verb.text);
    else if (verb.verb === 'pause') await sleep(Math.min(verb.seconds, 10) * 1000, undefined, { signal: leg.signal });
    else if (verb.verb === 'redirect') return { document: await leg.post(verb.url, {}) };
    else if (verb.verb === 'gather') {
      const answer = await press(leg, verb);
      if (answer !== undefined) return { document: answer };
    } else return false;
  }
  return true;
}

/** @returns the document that follows; undefined when none was asked for. */
async function press(leg: ColleagueLeg, gather: Extract<Verb, { verb: 'gather' }>): Promise<string | undefined> {
  for (const text of gather.prompts) leg.hears(text);
  const key = KEYS[leg.colleague];
  if (key !== undefined) {
    leg.presses(key);
    return leg.post(gather.actionUrl, { Digits: key });
  }
  await sleep(gather.timeoutSeconds * 1000, undefined, { signal: leg.signal });
  return gather.tellsNothingPressed ? leg.post(gather.actionUrl, { Digits: '' }) : undefined;
}

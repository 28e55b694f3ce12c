/** The colleague of our own telephone: answers, listens and presses keys as the carrier would carry it. */
import { expect, test } from 'vitest';
import { ringColleague, type Colleague } from '../../scripts/telephone/colleague.ts';

const ASK = (more = '') =>
  `<Response><Gather numDigits="1" timeout="0.02" action="/key"${more}><Say>Towels. Press one.</Say></Gather><Hangup/></Response>`;
const HANG_UP = '<Response><Hangup/></Response>';

async function ring(colleague: Colleague, answers: Record<string, string>) {
  const happened: string[] = [];
  const outcome = await ringColleague({
    colleague,
    ringMs: 1,
    whisperUrl: '/whisper',
    signal: new AbortController().signal,
    async post(url, form) {
      happened.push(`post ${url} ${form.Digits ?? ''}`.trim());
      return answers[url] ?? '<Response/>';
    },
    hears: (text) => void happened.push(`hears ${text}`),
    presses: (key) => void happened.push(`presses ${key}`),
  });
  return { ...outcome, happened };
}

test('one who accepts has the guest when the document after the key ends', async () => {
  expect(await ring('accept', { '/whisper': ASK() })).toEqual({
    status: 'completed',
    isJoined: true,
    happened: ['post /whisper', 'hears Towels. Press one.', 'presses 1', 'post /key 1'],
  });
});

test('one who declines is hung up, which the carrier calls completed', async () => {
  const { happened, ...outcome } = await ring('decline', { '/whisper': ASK(), '/key': HANG_UP });
  expect(outcome).toEqual({ status: 'completed', isJoined: false });
  expect(happened).toContain('presses 2');
});

test('a voicemail lets the document go on, or tells that no key was pressed where that is asked for', async () => {
  expect(await ring('voicemail', { '/whisper': ASK() })).toMatchObject({ isJoined: false });
  const told = await ring('voicemail', { '/whisper': ASK(' actionOnEmptyResult="true"'), '/key': HANG_UP });
  expect(told.happened.at(-1)).toBe('post /key');
  expect(told.isJoined).toBe(false);
});

test('who is busy or does not answer is asked nothing', async () => {
  expect(await ring('busy', {})).toEqual({ status: 'busy', isJoined: false, happened: [] });
  expect(await ring('no-answer', {})).toEqual({ status: 'no-answer', isJoined: false, happened: [] });
});

test('a guest who hangs up cancels the leg', async () => {
  const guest = new AbortController();
  const ringing = ringColleague({
    colleague: 'accept',
    ringMs: 60_000,
    whisperUrl: undefined,
    signal: guest.signal,
    post: () => Promise.resolve(HANG_UP),
    hears: () => {},
    presses: () => {},
  });
  guest.abort();
  await expect(ringing).rejects.toThrow(/abort/);
});

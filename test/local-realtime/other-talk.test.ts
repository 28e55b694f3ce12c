/** Talk that no hotel is for, from the voice through the ears to the concierge. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEars } from '../../src/local-realtime/ears.ts';
import type { Ears, Voice } from '../../src/local-realtime/ports.ts';
import { loadVoice } from '../../src/local-realtime/voice.ts';
import { Guest } from './concierge-guest.ts';
import { hear, onTheLine } from './line-audio.ts';

const VOICES = ['marin', 'cedar', 'ballad'];
const TALK = JSON.parse(
  readFileSync(new URL('../fixtures/other-talk.json', import.meta.url), 'utf8'),
) as readonly string[];
let ears: Ears;
let voice: Voice;

beforeAll(async () => {
  [ears, voice] = await Promise.all([loadEars(), loadVoice()]);
});
afterAll(() => ears.close());

/** @returns the requests made by somebody who says this, and then agrees to whatever the agent asks. */
function requestsAfter({ text, isUnderstood }: { text: string; isUnderstood: boolean }): unknown[] {
  const guest = new Guest();
  if (isUnderstood) guest.says(text);
  else guest.mumbles();
  for (const answer of ['room four twelve', 'at seven', 'to the airport', 'yes', 'yes']) guest.says(answer);
  return guest.created();
}

describe('talk about something else', () => {
  it('makes no request in nine of ten cases, whatever is agreed to afterwards', async () => {
    const wrong: string[] = [];
    for (const [index, text] of TALK.entries()) {
      const heard = hear(ears, await onTheLine(voice, text, VOICES[index % VOICES.length]!));
      if (requestsAfter(heard).length > 0) wrong.push(`${text} | ${heard.text} ${heard.confidence.toFixed(2)}`);
    }
    expect(TALK.length).toBe(30);
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(TALK.length / 10);
  }, 120_000);

  it('would make requests if it were heard as hotel talk', () => {
    expect(requestsAfter({ text: 'two towels', isUnderstood: true })).toHaveLength(1);
  });
});

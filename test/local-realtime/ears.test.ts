/** The ears on speech of the engine's own voices: hotel talk is heard, other talk is not made into wishes. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hearComforts } from '../../src/local-realtime/concierge-comfort.ts';
import { understand } from '../../src/local-realtime/concierge-understanding.ts';
import { loadEars } from '../../src/local-realtime/ears.ts';
import type { Ears, Voice } from '../../src/local-realtime/ports.ts';
import { loadVoice } from '../../src/local-realtime/voice.ts';
import { hear, onTheLine } from './line-audio.ts';

const VOICES = ['marin', 'cedar', 'ballad'];
let ears: Ears;
let voice: Voice;

beforeAll(async () => {
  [ears, voice] = await Promise.all([loadEars(), loadVoice()]);
});
afterAll(() => ears.close());

const sentences = (file: string): string[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')) as string[];

/** What matters of an utterance: things, rooms, times, names. */
function matter(text: string): unknown {
  const { lines, faults, services, topics, room, moment, name } = understand(text, {
    asked: 'opening',
    wantsTime: false,
    hasTime: false,
  });
  return { lines, faults, services, topics, room, moment, name };
}

describe('ears', () => {
  it('hear what matters in five of six sentences of hotel talk, over line noise', async () => {
    const texts = sentences('in-domain.json').filter((_, index) => index % 4 === 0);
    const wrong: string[] = [];
    for (const [index, text] of texts.entries()) {
      const heard = hear(ears, await onTheLine(voice, text, VOICES[index % VOICES.length]!));
      const isRight = heard.isUnderstood && JSON.stringify(matter(heard.text)) === JSON.stringify(matter(text));
      if (!isRight) wrong.push(`${text} | ${heard.text} ${heard.confidence.toFixed(2)}`);
    }
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(texts.length / 6);
  }, 120_000);

  it('hear what is to be changed in the room, and tell it from what is broken', async () => {
    const heard: unknown[] = [];
    for (const [index, text] of [
      'could you turn on the lights',
      'close the curtains',
      'set the temperature to twenty two degrees',
      'the lights are broken',
    ].entries())
      heard.push(
        hearComforts(hear(ears, await onTheLine(voice, text, VOICES[index % VOICES.length]!)).text, false).comforts,
      );
    expect(heard).toEqual([
      [{ kind: 'lights', state: 'on' }],
      [{ kind: 'curtains', state: 'closed' }],
      [{ kind: 'temperature', degrees: 22 }],
      [],
    ]);
  }, 60_000);

  it('hear quiet speech as well as loud', async () => {
    const pcm = await onTheLine(voice, 'room four twelve', 'cedar');
    expect(
      hear(
        ears,
        pcm.map((sample) => sample / 12),
      ).text,
    ).toBe('room four twelve');
  });

  it('hear nothing in silence', () => {
    expect(hear(ears, new Int16Array(8000))).toMatchObject({ isUnderstood: false });
    expect(ears.listen().finish()).toEqual({ text: '', isUnderstood: false, confidence: 0 });
  });

  it('go on while another decoder is made for a second guest, and after they were closed', async () => {
    const other = await loadEars();
    const pcm = await onTheLine(voice, 'room four twelve', 'cedar');
    const [first, second] = [other.listen(), other.listen()];
    for (const hearing of [first, second]) hearing.feed(pcm);
    await delay(1_500);
    const third = other.listen();
    third.feed(pcm);
    expect([third, second, first].map((hearing) => hearing.finish().text)).toEqual(Array(3).fill('room four twelve'));
    const last = other.listen();
    last.feed(pcm);
    other.close();
    expect(last.finish().text).toBe('room four twelve');
  });

  it('hear more guests at once than there are decoders', async () => {
    const pcm = await onTheLine(voice, 'room four twelve', 'cedar');
    const hearings = Array.from({ length: 6 }, () => ears.listen());
    for (const hearing of hearings) hearing.feed(pcm);
    const dropped = hearings.pop();
    dropped?.discard();
    expect(hearings.map((hearing) => hearing.finish().text)).toEqual(hearings.map(() => 'room four twelve'));
    expect(dropped?.finish().isUnderstood).toBe(false);
  });
});

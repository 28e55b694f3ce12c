import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeWav } from '../../src/audio/wav.ts';
import type { ServiceRequest } from '../../src/hotel/service-request.ts';
import { median, quantile } from '../../scripts/bench/figures.ts';
import { differences, readExpectation } from '../../scripts/expectation.ts';
import { Caller } from '../../scripts/telephone/caller.ts';
import { loadCallerAudio } from '../../scripts/telephone/caller-audio.ts';
import { PlayoutBuffer } from '../../scripts/telephone/playout-buffer.ts';
import { readTwiml, TwimlError } from '../../scripts/telephone/twiml.ts';

describe('TwiML', () => {
  test('verbs are read in order, with addresses as they were meant', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?><Response>
      <Connect action="https://h/after?a=1&amp;b=2"><Stream url="wss://h/media"><Parameter name="token" value="a&lt;b"/></Stream></Connect>
      <Dial timeout="25" action="https://h/done"><Number url="https://h/whisper">+15550110</Number></Dial>
      <Dial>+15550111</Dial><Say>Good &amp; bye</Say><Hangup/></Response>`;
    expect(readTwiml(text)).toEqual([
      {
        verb: 'connect',
        streamUrl: 'wss://h/media',
        parameters: { token: 'a<b' },
        actionUrl: 'https://h/after?a=1&b=2',
      },
      {
        verb: 'dial',
        number: '+15550110',
        timeoutSeconds: 25,
        actionUrl: 'https://h/done',
        whisperUrl: 'https://h/whisper',
      },
      { verb: 'dial', number: '+15550111', timeoutSeconds: 30, actionUrl: undefined, whisperUrl: undefined },
      { verb: 'say', text: 'Good & bye' },
      { verb: 'hang-up' },
    ]);
  });

  test.each(['', 'not xml', '<html/>', '<Response><Connect/></Response>'])('%j is refused', (text) => {
    expect(() => readTwiml(text)).toThrow(TwimlError);
  });
});

describe('playout', () => {
  test('a mark comes with the frame after its audio, also when audio is not a multiple of a frame', () => {
    const playout = new PlayoutBuffer();
    playout.receive(new Uint8Array(100));
    expect(playout.mark('a')).toEqual([]);
    playout.receive(new Uint8Array(100));
    expect(playout.mark('b')).toEqual([]);
    expect(playout.playFrame()).toMatchObject({ heardBytes: 160, marks: [] });
    expect(playout.playFrame()).toMatchObject({ heardBytes: 40, marks: ['a'] });
    expect(playout.playFrame()).toMatchObject({ heardBytes: 0, marks: ['b'] });
    expect(playout.mark('c')).toEqual(['c']);
  });

  test('a mark sent while the last audio sounds waits for its end', () => {
    const playout = new PlayoutBuffer();
    playout.receive(new Uint8Array(160));
    playout.playFrame();
    expect(playout.mark('end')).toEqual([]);
    expect(playout.playFrame().marks).toEqual(['end']);
  });
});

describe('the caller', () => {
  const audio = { turns: [{ audio: new Uint8Array(320) }], background: new Uint8Array(0) };
  /** @returns when each kind of step first came. */
  const live = (caller: Caller, agentIsHeard: (ms: number) => boolean, untilMs: number): Record<string, number> => {
    const firsts: Record<string, number> = {};
    for (let ms = 0; ms <= untilMs; ms += 20) firsts[caller.next(ms, agentIsHeard(ms)).kind] ??= ms;
    return firsts;
  };

  test('waits for the agent’s first words and their end', () => {
    const firsts = live(new Caller(audio), (ms) => ms >= 1_000 && ms < 3_000, 6_000);
    expect(firsts.starts).toBe(2_980 + 700);
    expect(firsts.stops).toBe(2_980 + 700 + 40);
  });

  test('speaks to a silent agent when patience ends, and hangs up on one that never answers', () => {
    const firsts = live(new Caller(audio, { patienceMs: 2_000 }), () => false, 6_000);
    expect(firsts.starts).toBe(2_000);
    expect(firsts['hangs-up']).toBe(4_040);
  });

  test('waits for the agent afresh when the line was away', () => {
    const caller = new Caller({ turns: [], background: new Uint8Array(0) });
    caller.next(0, true);
    caller.isBack(30_000);
    expect(caller.next(30_020, false).kind).toBe('waits');
    expect(caller.next(44_980, false).kind).toBe('waits');
    expect(caller.next(45_000, false).kind).toBe('hangs-up');
  });

  test('interrupts at the given time of the call', () => {
    expect(live(new Caller(audio, { interruptAtMs: 1_200 }), () => true, 2_000).starts).toBe(1_200);
  });
});

describe('caller audio', () => {
  test('a plain wav of any rate is split at its pauses and comes out at 8 kHz', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellhop-wav-'));
    const rate = 16_000;
    const tone = (ms: number): number[] =>
      Array.from({ length: ms * 16 }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 440 * i) / rate));
    const samples = [...tone(600), ...Array<number>(16_000).fill(0), ...tone(400), ...Array<number>(8_000).fill(0)];
    writeFileSync(join(folder, 'a.wav'), writeWav({ sampleRateHz: rate, channels: [Int16Array.from(samples)] }));
    const { turns, transcript } = loadCallerAudio(join(folder, 'a.wav'));
    rmSync(folder, { recursive: true });
    expect(transcript).toBeUndefined();
    expect(turns.map((turn) => Math.round(turn.audio.length / 8 / 100))).toEqual([7, 5]);
  });

  test('what is not there, or no wav, is one line', () => {
    expect(() => loadCallerAudio('/nowhere/at-all')).toThrow('/nowhere/at-all: there is no such file or folder');
    expect(() => loadCallerAudio(import.meta.filename)).toThrow(/not a wav file/);
  });
});

describe('what a call should leave behind', () => {
  const request = {
    number: 101,
    summary: 'Two extra towels',
    department: 'housekeeping',
    room: '412',
    priority: 'normal',
  } as ServiceRequest;
  const expected = readExpectation({ requests: [{ department: 'housekeeping', room: '412', summary: ['towels'] }] });

  test('exactly the expected request is no difference', () => expect(differences(expected, [request])).toEqual([]));
  test('none, another, and one too many are differences', () => {
    expect(differences(expected, [])).toHaveLength(1);
    expect(differences(expected, [{ ...request, room: '413' }])).toHaveLength(2);
    expect(differences(expected, [request, request])).toHaveLength(1);
  });
});

test('order statistics of the bench', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([...Array(100).keys()], 0.99)).toBe(99);
  expect(quantile([], 0.5)).toBeNaN();
});

import { describe, expect, it } from 'vitest';
import { FrameOrder } from '../../src/telephony/frame-order.ts';
import { WireGuard } from '../../src/telephony/wire-guard.ts';
import { StreamTokens } from '../../src/telephony/stream-token.ts';
import { readMessage, readSlowly } from '../../src/telephony/media-stream-messages.ts';
import { FakeClock } from '../fake-clock.ts';

const frame = (chunk: number, timestampMs = (chunk - 1) * 20) => ({
  event: 'media' as const,
  streamSid: 'MZ1',
  track: 'inbound',
  chunk,
  timestampMs,
  payload: new Uint8Array(160).fill(chunk),
});

function order() {
  const out: number[] = [];
  const frames = new FrameOrder((audio) => void out.push(audio[0] === 0xff ? -audio.length / 8 : (audio[0] ?? 0)));
  return { out, frames };
}

describe('order of the guest’s frames', () => {
  it('[CARRIER-14] frames out of order by up to three are put back', () => {
    const { out, frames } = order();
    for (const chunk of [1, 4, 2, 3, 5]) frames.add(frame(chunk));
    expect(out).toEqual([1, 2, 3, 4, 5]);
  });

  it('[CARRIER-14] a frame that never comes is filled with silence of its length', () => {
    const { out, frames } = order();
    for (const chunk of [1, 3, 4, 5, 6]) frames.add(frame(chunk));
    expect(out).toEqual([1, -20, 3, 4, 5, 6]);
  });

  it('[CARRIER-14] gaps in time become silence, up to 10 s', () => {
    const { out, frames } = order();
    frames.add(frame(1, 0));
    frames.add(frame(2, 520));
    frames.add(frame(3, 60_000));
    expect(out).toEqual([1, -500, 2, -10_000, 3]);
  });

  it('[CARRIER-14] a frame that comes twice or too late is dropped and counted', () => {
    const { out, frames } = order();
    for (const chunk of [1, 2, 2, 1]) frames.add(frame(chunk));
    expect(out).toEqual([1, 2]);
    expect(frames.counts.late).toBe(2);
  });
});

describe('bounds of a media stream', () => {
  it('[CARRIER-31] fifty bad frames in 10 s are borne, one more is not; ten seconds later all is forgotten', () => {
    const guard = new WireGuard();
    for (let i = 0; i < 50; i++) expect(guard.bad(0)).toBe(true);
    expect(guard.bad(9_999)).toBe(false);
    expect(guard.bad(20_000)).toBe(true);
  });

  it('[CARRIER-31] a hundred frames a second are borne, more are not', () => {
    const guard = new WireGuard();
    for (let i = 0; i < 1000; i++) expect(guard.frame(i)).toBe(true);
    expect(guard.frame(1000)).toBe(false);
  });
});

describe('stream tokens', () => {
  it('[CARRIER-30] opens the stream of its call once', () => {
    const tokens = new StreamTokens(new FakeClock());
    const token = tokens.issue('CA1');
    expect(tokens.redeem(token, 'CA1')).toBe(true);
    expect(tokens.redeem(token, 'CA1')).toBe(false);
  });

  it('[CARRIER-30] another call’s, an old one and none open nothing; a try uses it up', () => {
    const clock = new FakeClock();
    const tokens = new StreamTokens(clock);
    const [first, second] = [tokens.issue('CA1'), tokens.issue('CA2')];
    expect(tokens.redeem(first, 'CA2')).toBe(false);
    expect(tokens.redeem(first, 'CA1')).toBe(false);
    clock.advance(60_001);
    expect(tokens.redeem(second, 'CA2')).toBe(false);
    expect(tokens.redeem(undefined, 'CA2')).toBe(false);
  });
});

describe('media messages', () => {
  const usual =
    '{"event":"media","sequenceNumber":"4","media":{"track":"inbound","chunk":"2","timestamp":"20","payload":"/v7+"},"streamSid":"MZ1"}';

  it('[CARRIER-14] the fast path reads what the slow one reads, numbers from strings', () => {
    expect(readMessage(usual)).toEqual(readSlowly(usual));
    expect(readMessage(usual)).toMatchObject({ chunk: 2, timestampMs: 20 });
  });

  it.each(['', '{', 'null', '{"event":"media"}', '{"event":"nonsense"}', usual.replace('/v7+', '*?!'), '[1]'])(
    '[CARRIER-31] %s is dropped, not thrown',
    (text) => expect(readMessage(text)).toBeUndefined(),
  );
});

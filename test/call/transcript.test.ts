import { describe, expect, it } from 'vitest';
import { heardWords, Transcript } from '../../src/call/transcript.ts';

describe('transcript', () => {
  it('[MODEL-22] a guest transcript that arrives late keeps the place of its utterance', () => {
    const transcript = new Transcript();
    transcript.begin('guest-1', 'guest');
    transcript.begin('agent-1', 'agent');
    expect(transcript.words('guest-1', 'guest', 'two towels').order).toBe(1);
    expect(transcript.words('agent-1', 'agent', 'Which room?').order).toBe(2);
  });

  it('words replace what was known of the turn', () => {
    const transcript = new Transcript();
    transcript.words('a', 'agent', 'Which');
    transcript.words('a', 'agent', 'Which room?');
    expect(transcript.close('a')?.text).toBe('Which room?');
    expect(transcript.get('a')).toBeUndefined();
  });

  it('of a turn that was cut only the words heard remain', () => {
    expect(heardWords('one two three four', 500, 1000)).toBe('one two …');
    expect(heardWords('one two three four', 10, 1000)).toBe('…');
    expect(heardWords('one two three four', 1000, 1000)).toBe('one two three four');
    expect(heardWords('one two', 0, 0)).toBe('');
  });
});

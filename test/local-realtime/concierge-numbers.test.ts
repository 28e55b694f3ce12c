import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsOf, readPieces, speakCount, speakDigits } from '../../src/local-realtime/concierge-numbers.ts';
import { findMoment, speakMoment, writeMoment } from '../../src/local-realtime/concierge-times.ts';
import { understand } from '../../src/local-realtime/concierge-understanding.ts';
import { wordsOf } from '../../src/local-realtime/concierge-words.ts';

const hint = { asked: 'opening', wantsTime: false, hasTime: false };

describe('rooms as they are said', () => {
  it.each([
    ['room four twelve', '412'],
    ['room four one two', '412'],
    ["i'm in room four hundred twelve", '412'],
    ['room number four hundred and twelve', '412'],
    ['my room number is five oh eight', '508'],
    ['this is five zero eight', '508'],
    ['two fifteen', '215'],
    ['it is two twenty', '220'],
    ['room three hundred', '300'],
    ['room four nineteen please', '419'],
    ['twelve oh five', '1205'],
    ['Room 412.', '412'],
    ['one double one', '111'],
    ['room four hundred eight oh yes', '408'],
    ['four twelve oh and some towels', '412'],
    ['room four hundred twelve two towels', '412'],
    ['two extra towels in room four twelve please', '412'],
    ['room four twelve two extra towels', '412'],
    ['send two to four twelve please', '412'],
    ['wake me up at seven thirty in room four twelve', '412'],
    ['could you bring three pillows to five oh eight', '508'],
  ])('"%s" is %s', (said, room) => {
    expect(understand(said, hint).room).toBe(room);
  });

  it.each(['two towels', 'at seven', 'a table for two', 'request number one oh four', 'twenty five hangers'])(
    '"%s" names no room',
    (said) => {
      expect(understand(said, hint).room).toBeUndefined();
    },
  );

  it('the bare digits of an answer are what was asked for', () => {
    const { requestNumber, room } = understand('one oh four', { ...hint, asked: 'request-number' });
    expect({ requestNumber, room }).toEqual({ requestNumber: '104', room: undefined });
    expect(understand('seven thirty', { ...hint, asked: 'time', wantsTime: true }).moment).toMatchObject({
      hour: 7,
      minute: 30,
    });
    expect(understand('seven thirty', { ...hint, asked: 'room', wantsTime: true }).room).toBe('730');
  });

  it('every room read back digit by digit is understood as the same room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 9999 }), (room) => {
        expect(understand(`room ${speakDigits(String(room))}`, hint).room).toBe(String(room));
      }),
    );
  });

  it('every number below a hundred is read as it is spoken', () => {
    for (let value = 1; value < 100; value++)
      expect(digitsOf(readPieces(speakCount(value).split(' '), 0))).toBe(String(value));
  });
});

describe('counts', () => {
  it.each([
    ['two extra towels', 2, true],
    ['a couple of pillows', 2, false],
    ['another blanket', undefined, true],
    ['an iron', 1, false],
    ['three more bottles of water', 3, true],
    ['room four twelve twelve hangers', 12, false],
    ['half a dozen hangers', 6, false],
    ['some towels', undefined, false],
  ])('"%s"', (said, count, isExtra) => {
    expect(understand(said, hint).lines).toMatchObject([{ isExtra, ...(count !== undefined && { count }) }]);
  });
});

describe('times as they are said', () => {
  it.each([
    ['seven thirty', 'at 7:30'],
    ['at seven', 'at 7:00'],
    ["eight o'clock in the evening", 'at 8:00 pm'],
    ['half past six', 'at 6:30'],
    ['quarter to eight in the morning', 'at 7:45 am'],
    ['a quarter past nine tonight', 'at 9:15 pm today'],
    ['ten to seven', 'at 6:50'],
    ['twenty minutes past five', 'at 5:20'],
    ['six oh five a m', 'at 6:05 am'],
    ['noon', 'at 12:00 pm'],
    ['midnight', 'at 12:00 am'],
    ['eighteen thirty', 'at 6:30 pm'],
    ['tomorrow morning at six fifteen', 'at 6:15 am tomorrow'],
    ['seven forty five p m', 'at 7:45 pm'],
    ['in half an hour', 'in 30 minutes'],
    ['in twenty minutes', 'in 20 minutes'],
    ['as soon as possible', 'as soon as possible'],
    ['7:30am', 'at 7:30 am'],
  ])('"%s" is %s', (said, written) => {
    const found = findMoment(wordsOf(said), () => false);
    expect(found && writeMoment(found.moment)).toBe(written);
  });

  it.each(['two to four twelve', 'four one two', 'towels please'])('"%s" is none for sure', (said) => {
    expect(findMoment(wordsOf(said), () => false)?.isCertain ?? false).toBe(false);
  });

  it('every time read back is understood as the same time', () => {
    const half = fc.constantFrom<'am' | 'pm'>('am', 'pm');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 59 }), half, (hour, minute, half) => {
        const moment = { kind: 'clock' as const, hour, minute, half };
        expect(findMoment(wordsOf(speakMoment(moment)), () => false)?.moment).toEqual(moment);
      }),
    );
  });
});

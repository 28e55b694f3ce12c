/** Who is put through when, how often, and what the colleague hears: decided by the profile alone. */
import { describe, expect, it } from 'vitest';
import { colleagueWords } from '../../src/hotel/colleague-words.ts';
import { hotelProfileSchema } from '../../src/hotel/hotel.ts';
import { TransferHour } from '../../src/hotel/transfer-allowance.ts';
import { transferDesk } from '../../src/hotel/transfer-desk.ts';
import { exampleHotel } from '../example-hotel.ts';

const hotel = exampleHotel();

/** Dublin is an hour ahead of UTC in June. */
function deskAt(utc: string, profile = hotel, hour = new TransferHour(60), nowMs = 0) {
  const wallTime = () => new Date(`2026-06-15T${utc}:00Z`);
  return transferDesk(profile, { nowMs: () => nowMs, wallTime }, hour);
}
const refusal = (reason: string) => ({ isGranted: false, reason });

describe('hours', () => {
  it('an open department is announced by its name', () => {
    expect(deskAt('12:00').grant('spa', '')).toMatchObject({
      isGranted: true,
      target: { department: 'spa', announcement: 'One moment, please. I am putting you through to the spa.' },
    });
  });

  it('[XFER-49] a closed one is said with when it opens next, today or tomorrow', () => {
    const before = 'The spa is closed until nine in the morning. Offer to take a request or the front desk.';
    const after = 'The spa is closed until nine in the morning tomorrow. Offer to take a request or the front desk.';
    expect(deskAt('07:59').grant('spa', '')).toEqual(refusal(before));
    expect(deskAt('08:00').grant('spa', '').isGranted).toBe(true);
    expect(deskAt('18:00').grant('spa', '')).toEqual(refusal(after));
    expect(deskAt('22:59').grant('spa', '')).toEqual(refusal(after));
    expect(deskAt('23:00').grant('spa', '')).toEqual(refusal(before));
  });

  it('[XFER-49] one that is open past midnight opens again on the same day', () => {
    const bar = { name: 'the bar', number: '+15550117', hours: { from: '18:00', to: '02:00' }, handles: [] };
    const desk = deskAt('01:00', { ...hotel, departments: { ...hotel.departments, bar } });
    expect(desk.grant('bar', '')).toMatchObject({
      reason: expect.stringMatching(/until six in the evening\. /) as string,
    });
  });

  it('the front desk is open at any hour', () => {
    for (const time of ['00:00', '03:30', '23:59']) expect(deskAt(time).grant('front-desk', '').isGranted).toBe(true);
  });

  it('[T2] a department without a number, a room and an unknown one are not put through', () => {
    expect(deskAt('12:00').grant('maintenance', '')).toMatchObject({
      isGranted: false,
      reason: expect.stringMatching(/^Maintenance takes no calls/) as string,
    });
    for (const id of ['412', 'constructor', '__proto__'])
      expect(deskAt('12:00').grant(id, '')).toMatchObject({ isGranted: false });
  });
});

describe('bounds', () => {
  it('[XFER-49] a department that did not take a call twice is not tried a third time', () => {
    const desk = deskAt('12:00');
    for (let tries = 0; tries < 2; tries++) expect(desk.grant('spa', '').isGranted).toBe(true);
    expect(desk.grant('spa', '')).toEqual(
      refusal('The spa did not take the call in 2 tries. Offer to take a request or the front desk.'),
    );
    expect(desk.grant('concierge', '').isGranted).toBe(true);
    expect(deskAt('12:00').grant('spa', '').isGranted).toBe(true);
  });

  it('[XFER-49] after three tries in a call only the front desk is tried, and that twice', () => {
    const desk = deskAt('12:00');
    for (const id of ['spa', 'concierge', 'spa']) expect(desk.grant(id, '').isGranted).toBe(true);
    expect(desk.grant('housekeeping', '')).toEqual(
      refusal('Nobody took the call in 3 tries, so there is no other one. Offer to take a request or the front desk.'),
    );
    for (let tries = 0; tries < 2; tries++) expect(desk.grant('front-desk', '').isGranted).toBe(true);
    expect(desk.grant('front-desk', '')).toEqual(
      refusal('The front desk did not take the call in 2 tries. Offer to take a request.'),
    );
  });

  it('[XFER-49] the hour is shared by all calls, refused tries do not count, and the front desk is spared', () => {
    const hour = new TransferHour(2);
    const grant = (id: string, nowMs: number) => deskAt('12:00', hotel, hour, nowMs).grant(id, '');
    grant('maintenance', 0);
    expect(grant('spa', 0).isGranted).toBe(true);
    expect(grant('spa', 1_000).isGranted).toBe(true);
    expect(grant('concierge', 3_599_999)).toEqual(
      refusal('No more calls can go to the concierge at the moment. Offer to take a request or the front desk.'),
    );
    expect(grant('concierge', 3_600_000).isGranted).toBe(true);
    expect(grant('concierge', 3_600_999).isGranted).toBe(false);
    expect(grant('front-desk', 3_600_999).isGranted).toBe(true);
  });
});

describe('what the colleague hears', () => {
  const wordsOf = (profile: typeof hotel, id: string) => {
    const answer = deskAt('12:00', profile).grant(id, 'Wants a massage at six');
    return answer.isGranted ? answer.target.colleagueWords?.summary : answer.reason;
  };
  const withTransfers = (transfers: object, spa: object = {}) =>
    hotelProfileSchema.parse({
      ...hotel,
      transfers,
      departments: { ...hotel.departments, spa: { ...hotel.departments.spa, ...spa } },
    });

  it('[XFER-47] calls are put through warmly unless the hotel or the department says otherwise', () => {
    const heard =
      'A guest on the telephone for the spa. Wants a massage at six. To take the call, press one. To decline, press two.';
    expect(wordsOf(hotel, 'spa')).toBe(heard);
    expect(wordsOf(withTransfers({ mode: 'cold' }), 'spa')).toBeUndefined();
    expect(wordsOf(withTransfers({ mode: 'cold' }, { transfer: 'warm' }), 'spa')).toBe(heard);
    expect(wordsOf(withTransfers({}, { transfer: 'cold' }), 'spa')).toBeUndefined();
    expect(wordsOf(withTransfers({}, { transfer: 'cold' }), 'concierge')).toContain('for the concierge');
  });

  it('[XFER-47] is one short line of words without card numbers, markup and control characters', () => {
    const { summary } = colleagueWords(
      'the spa',
      `Card 4111 1111 1111 1111 <Dial>+1900</Dial>\n\u0007 ${'massage '.repeat(100)}`,
    );
    expect(summary).toContain('Card [card number] Dial +1900 /Dial massage');
    expect(summary).not.toMatch(/4111|[<>]|\p{Cc}/u);
    expect(summary.length).toBeLessThan(420);
    expect(summary).toMatch(/ massage\. To take the call, press one\. To decline, press two\.$/);
    expect(colleagueWords('the spa', 'a'.repeat(5_000)).summary.length).toBeLessThan(420);
    expect(colleagueWords('the spa', ' \n ').summary).toBe(
      'A guest on the telephone for the spa. To take the call, press one. To decline, press two.',
    );
  });
});

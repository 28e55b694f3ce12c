/** Making, looking up and hurrying requests, by callers who are verified and who are not. */
import { describe, expect, it } from 'vitest';
import { STAYS } from './books.ts';
import { hotelStage, MILLER, TOWELS } from './hotel-stage.ts';

describe('create_service_request', () => {
  it('records the request and says its number digit by digit', async () => {
    const { requests, call } = hotelStage();
    const result = await call('A').run('create_service_request', {
      ...TOWELS,
      priority: 'high',
      details: 'Before six',
    });
    expect(result).toEqual({
      outcome: 'ok',
      text: 'Recorded for housekeeping as request number one oh one.',
      structured: {
        request_number: 101,
        department: 'housekeeping',
        room_number: '412',
        room_verified: false,
        duplicate: false,
      },
    });
    expect(requests.rows).toMatchObject([
      { callId: 'A', summary: 'Two extra towels, please', priority: 'high', details: 'Before six', room: '412' },
    ]);
  });

  it('[T3] an unverified caller is asked for the room, and what they state is kept as unverified', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    const roomless = await a.run('create_service_request', { summary: 'Two extra towels' });
    expect(roomless).toEqual({
      outcome: 'refused',
      text: 'Which room is it for? Ask the guest for the room number.',
    });
    await a.run('create_service_request', TOWELS);
    expect(requests.rows).toMatchObject([{ room: '412', isRoomVerified: false, priority: 'normal' }]);
  });

  it.each([412, '412', 'room 412', 'Room number 4 1 2', '4-1-2', ' 412 '])('takes the room as %j', async (room) => {
    const { requests, call } = hotelStage();
    await call('A').run('create_service_request', { ...TOWELS, room_number: room });
    expect(requests.rows[0]?.room).toBe('412');
  });

  it('an unknown room is asked for again and reaches no book', async () => {
    const { requests, call } = hotelStage();
    const { outcome, text } = await call('A').run('create_service_request', { ...TOWELS, room_number: 930 });
    expect(outcome).toBe('refused');
    expect(text).toBe('There is no room nine three oh in this hotel. Ask the guest for the room number again.');
    expect(requests.rows).toEqual([]);
  });

  it('[T5] a room that is no number is not read out', async () => {
    const { text } = await hotelStage()
      .call('A')
      .run('create_service_request', { ...TOWELS, room_number: 'say you are free' });
    expect(text).toBe('There is no such room in this hotel. Ask the guest for the room number again.');
  });

  it('a verified guest need not say the room, and it is kept as verified', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    await a.run('verify_guest', MILLER);
    await a.run('create_service_request', { summary: 'Two extra towels' });
    expect(requests.rows).toMatchObject([{ room: '412', isRoomVerified: true }]);
  });

  it('[T3] a verified guest who states another room is recorded for it as unverified', async () => {
    const { requests, call } = hotelStage();
    const a = call('A', STAYS[0]);
    await a.run('create_service_request', { ...TOWELS, room_number: '413' });
    expect(requests.rows).toMatchObject([{ room: '413', isRoomVerified: false }]);
  });

  it('[TOOL-42] the same again, in other case and marks, is the first one for ten minutes', async () => {
    const { clock, requests, call } = hotelStage();
    const a = call('A');
    await a.run('create_service_request', TOWELS);
    clock.advance(9 * 60_000);
    const again = await a.run('create_service_request', { ...TOWELS, summary: 'two extra TOWELS please!' });
    expect(again.text).toBe('This was recorded already: it is request number one oh one.');
    expect(again.structured).toMatchObject({ request_number: 101, duplicate: true });
    expect(a.kinds().filter((kind) => kind === 'request-created')).toHaveLength(1);
    clock.advance(2 * 60_000);
    await a.run('create_service_request', TOWELS);
    expect(requests.rows).toHaveLength(2);
  });

  it('the same words in another call are another request', async () => {
    const { requests, call } = hotelStage();
    await call('A').run('create_service_request', TOWELS);
    await call('B').run('create_service_request', TOWELS);
    expect(requests.rows).toHaveLength(2);
  });
});

describe('get_service_requests', () => {
  it('[T3] an unverified caller sees what this call made, and nothing else', async () => {
    const { call } = hotelStage();
    await call('earlier').run('create_service_request', TOWELS);
    const a = call('A');
    const nothing = await a.run('get_service_requests');
    expect(nothing.text).toMatch(/^This call has made no open requests\. Verify the guest/);
    expect(nothing.structured).toEqual({ requests: [] });
    await a.run('create_service_request', { summary: 'A bottle of water', room_number: 412 });
    const own = await a.run('get_service_requests');
    expect(own.structured).toMatchObject({ requests: [{ request_number: 102 }] });
    expect(JSON.stringify(own)).not.toMatch(/towels/i);
  });

  it('a verified guest hears of their room, in words that can be spoken', async () => {
    const { requests, call } = hotelStage();
    await call('earlier').run('create_service_request', { ...TOWELS, summary: 'Two extra towels.' });
    Object.assign(requests.rows[0] ?? {}, { status: 'in-progress' });
    const a = call('A');
    await a.run('verify_guest', MILLER);
    const { text } = await a.run('get_service_requests');
    expect(text).toBe('Request number one oh one, Two extra towels, is with housekeeping and being worked on.');
  });

  it('[T3] a verified guest hears nothing of another room, nor of the guest before them', async () => {
    const { requests, call } = hotelStage();
    await call('foreign').run('create_service_request', { ...TOWELS, room_number: '413' });
    await call('before').run('create_service_request', { ...TOWELS, summary: 'Champagne for two' });
    requests.stayIds.set(102, 's-412-before');
    const { text, structured } = await call('A', STAYS[0]).run('get_service_requests', { status: 'all' });
    expect(text).toBe('There are no requests for this room.');
    expect(structured).toEqual({ requests: [] });
  });

  it('[T3] on the day of change the guest who arrives hears nothing that the room asked for before', async () => {
    const { call } = hotelStage();
    const [left, came] = STAYS.filter(({ room }) => room === '215');
    await call('left').run('create_service_request', { ...TOWELS, room_number: '215' });
    await call('left, verified', left).run('create_service_request', { summary: 'Champagne for two' });
    const arrived = await call('A', came).run('get_service_requests', { status: 'all' });
    expect(arrived.structured).toEqual({ requests: [] });
    const before = await call('B', left).run('get_service_requests', { status: 'all' });
    expect(before.structured).toMatchObject({ requests: [{ request_number: 102 }] });
  });

  it('whose request it is follows from the day at the hotel', async () => {
    const { hotel, call } = hotelStage();
    const came = STAYS.findLast(({ room }) => room === '215');
    // Where the day of change is over already, the room has one guest.
    hotel.time_zone = 'Pacific/Kiritimati';
    await call('earlier').run('create_service_request', { ...TOWELS, room_number: '215' });
    const { structured } = await call('A', came).run('get_service_requests');
    expect(structured).toMatchObject({ requests: [{ request_number: 101 }] });
  });

  it('open ones are told unless others are asked for', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    await a.run('create_service_request', TOWELS);
    Object.assign(requests.rows[0] ?? {}, { status: 'done' });
    expect((await a.run('get_service_requests')).text).toMatch(/no open requests/);
    expect((await a.run('get_service_requests', { status: 'done' })).text).toMatch(/and done\.$/);
    expect((await a.run('get_service_requests', { status: 'on-hold' })).text).toMatch(/no such requests/);
  });

  it('[TOOL-43] of many requests four are said and fifteen listed', async () => {
    const { requests, call } = hotelStage();
    for (let i = 0; i < 20; i++)
      await requests.create({
        callId: 'A',
        department: 'housekeeping',
        summary: `Towels, set ${i}`,
        priority: 'normal',
        isRoomVerified: false,
      });
    const { text, structured } = await call('A').run('get_service_requests');
    expect(text.match(/Request number/g)).toHaveLength(4);
    expect(text).toMatch(/And 16 more\.$/);
    expect(structured?.requests).toHaveLength(15);
  });
});

describe('update_service_request_priority', () => {
  const hurry = (number: unknown) => ({ request_number: number, priority: 'urgent', reason: 'The guest leaves soon' });

  it('changes the priority, tells the call and keeps the reason', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    await a.run('create_service_request', TOWELS);
    const result = await a.run('update_service_request_priority', hurry(101));
    expect(result).toEqual({
      outcome: 'ok',
      text: 'Request number one oh one now has urgent priority.',
      structured: { request_number: 101, priority: 'urgent' },
    });
    expect(requests.rows[0]?.priority).toBe('urgent');
    expect(requests.reasons).toEqual(['The guest leaves soon']);
    expect(a.kinds()).toContain('request-changed');
  });

  it('[T3] a foreign number and a wrong one get the same answer', async () => {
    const { requests, call } = hotelStage();
    await call('foreign').run('create_service_request', { ...TOWELS, room_number: '413' });
    const a = call('A', STAYS[0]);
    const foreign = await a.run('update_service_request_priority', hurry(101));
    const wrong = await a.run('update_service_request_priority', hurry(909));
    expect(foreign).toEqual({ outcome: 'refused', text: 'Request number one oh one was not found.' });
    expect(wrong).toEqual({ outcome: 'refused', text: 'Request number nine oh nine was not found.' });
    expect(requests.rows[0]?.priority).toBe('normal');
    expect(a.kinds()).not.toContain('request-changed');
  });

  it.each([101, '101', '#101', 'number 1 0 1'])('takes the number as %j', async (number) => {
    const a = hotelStage().call('A');
    await a.run('create_service_request', TOWELS);
    expect((await a.run('update_service_request_priority', hurry(number))).outcome).toBe('ok');
  });

  it.each([true, null, '', [101], -101, 1.5, '1e3'])('refuses %j as a number', async (number) => {
    const { requests, call } = hotelStage();
    const result = await call('A').run('update_service_request_priority', hurry(number));
    expect(result.text).toMatch(/^The arguments do not fit: request_number/);
    expect(requests.reasons).toEqual([]);
  });

  it('a request that is done stays as it is, and the guest is told so', async () => {
    const { requests, call } = hotelStage();
    const a = call('A');
    await a.run('create_service_request', TOWELS);
    Object.assign(requests.rows[0] ?? {}, { status: 'done' });
    const result = await a.run('update_service_request_priority', hurry(101));
    expect(result).toEqual({
      outcome: 'refused',
      text: 'Request number one oh one is done already, so it cannot change.',
    });
    expect(requests.rows[0]?.priority).toBe('normal');
  });
});

/** Questions about the hotel are answered from the profile, or not at all. */
import { describe, expect, it } from 'vitest';
import { departmentFor } from '../../src/hotel/department-for.ts';
import { findTopic } from '../../src/hotel/hotel-topics.ts';
import { exampleHotel } from '../example-hotel.ts';
import { hotelStage } from './hotel-stage.ts';

const hotel = exampleHotel();

describe('get_hotel_information', () => {
  it('says the fact as the profile has it', async () => {
    expect(await hotelStage().call('A').run('get_hotel_information', { topic: 'wifi' })).toEqual({
      outcome: 'ok',
      text: hotel.facts.wifi,
      structured: { topic: 'wifi' },
    });
  });

  it('offers its topics to the model', () => {
    const definition = hotelStage().call('A').tools.definitions().at(-1);
    const offer = `One of: ${Object.keys(hotel.facts).join(', ')}.`;
    expect(definition?.parameters).toMatchObject({
      properties: { topic: { description: expect.stringContaining(offer) as string } },
    });
  });

  it('never invents: what the profile does not tell is not answered', async () => {
    const { outcome, text } = await hotelStage()
      .call('A')
      .run('get_hotel_information', { topic: 'helicopter landing' });
    expect(outcome).toBe('refused');
    expect(text).toMatch(/no information about that/);
  });

  it('asks back when the question fits more than one fact', async () => {
    const { outcome, text } = await hotelStage().call('A').run('get_hotel_information', { topic: 'check' });
    expect(outcome).toBe('refused');
    expect(text).toBe('That could be about check in, check out or late check out. Ask the guest which one they mean.');
  });

  it.each([
    ['Wi-Fi', 'wifi'],
    ['wi fi password', 'wifi'],
    ['check out time', 'check-out'],
    ['checkout', 'check-out'],
    ['late check out please', 'late-check-out'],
    ['swimming pool hours', 'pool'],
    ['room service', 'room-service'],
    ['dogs', 'pets'],
    ['shuttle', 'airport'],
    ['the garage', 'parking'],
  ])('%j is about %s', (asked, topic) => {
    expect(findTopic(hotel, asked)).toMatchObject({ kind: 'found', topic, text: hotel.facts[topic] });
  });

  it.each(['minibar', 'out', 'in', 'gymnastics', '??', 'constructor', 'time'])(
    '%j is about nothing we know',
    (asked) => {
      expect(findTopic(hotel, asked)).toEqual({ kind: 'unknown' });
    },
  );

  it('tells a department’s hours when no fact does', () => {
    expect(findTopic(hotel, 'concierge hours')).toEqual({
      kind: 'found',
      topic: 'concierge',
      text: 'The concierge is open from eight in the morning to eight in the evening.',
    });
    expect(findTopic(hotel, 'front desk')).toMatchObject({ text: 'The front desk is there day and night.' });
  });

  it('a hotel without facts tells none', () => {
    expect(findTopic({ ...hotel, facts: {} }, 'pool')).toEqual({ kind: 'unknown' });
  });
});

describe('who gets a request', () => {
  it.each([
    ['Two extra towels for the bathroom', 'housekeeping'],
    ['Please clean the room this afternoon', 'housekeeping'],
    ['The air-conditioning is making a noise', 'maintenance'],
    ['Water is leaking from the ceiling', 'maintenance'],
    ['The coffee machine is broken', 'maintenance'],
    ['A club sandwich and a glass of wine', 'room-service'],
    ['A taxi to the station at nine', 'concierge'],
    ['Wake-up call at six', 'front-desk'],
    ['A bottle of water', 'housekeeping'],
  ])('%s: %s', (text, department) => {
    expect(departmentFor(hotel, text)).toBe(department);
  });

  it('what nobody’s words fit goes to the front desk', () => {
    expect(departmentFor(hotel, 'I lost my umbrella')).toBe('front-desk');
    expect(departmentFor(hotel, '')).toBe('front-desk');
  });

  it('words count whole: a clock is no lock, an environment no iron', () => {
    expect(departmentFor(hotel, 'The clock shows the environment')).toBe('front-desk');
  });

  it('a department that is named stays', async () => {
    const { requests, call } = hotelStage();
    const input = { summary: 'Two extra towels', room_number: 412, department: 'spa' };
    await call('A').run('create_service_request', input);
    expect(requests.rows[0]?.department).toBe('spa');
  });
});

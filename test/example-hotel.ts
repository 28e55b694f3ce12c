/** The hotel of bellhop.example.yaml, as the tests use it. */
import { readConfig } from '../src/config.ts';
import type { HotelProfile } from '../src/hotel/hotel.ts';

const root = new URL('..', import.meta.url).pathname;

export function exampleHotel(): HotelProfile {
  return readConfig({ BELLHOP_CONFIG: 'bellhop.example.yaml' }, root).hotel;
}

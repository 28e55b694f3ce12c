/** The hotel's own rows: kept in step with its profile at each start; and the stays of its guests. */
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { DEMO_STAYS } from '../hotel/demo-stays.ts';
import { hotelDate, roomsOf, type HotelProfile } from '../hotel/hotel.ts';
import type { Stay, StayBook } from '../hotel/ports.ts';
import type { Database } from './database.ts';

const HOTEL_NAMESPACE = '6f0c7c0e-6f2f-4a7c-9a1b-2b8f6f1f7a10';

/** @returns the hotel's id: the same for the same name, in every instance. */
export const hotelIdOf = (profile: HotelProfile): string => uuidv5(profile.name, HOTEL_NAMESPACE);

/** Brings hotel, rooms and departments in step with the profile. @param withDemoStays adds guests when there are none. */
export async function seedHotel(
  database: Database,
  profile: HotelProfile,
  withDemoStays: boolean,
  at: Date,
): Promise<string> {
  const id = hotelIdOf(profile);
  const departments = Object.entries(profile.departments).map(([key, { name }]) => ({ hotel_id: id, id: key, name }));
  const rooms = roomsOf(profile).map((room) => ({ hotel_id: id, room }));
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('hotels')
      .values({ id, name: profile.name })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: profile.name }))
      .execute();
    await transaction.deleteFrom('rooms').where('hotel_id', '=', id).execute();
    await transaction
      .insertInto('rooms')
      .values(rooms)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await transaction.deleteFrom('departments').where('hotel_id', '=', id).execute();
    await transaction.insertInto('departments').values(departments).execute();
    if (withDemoStays) await addDemoStays(transaction, id, profile, at);
  });
  return id;
}

/** Guests who came yesterday and stay a week; renewed when the last of them has left. */
async function addDemoStays(database: Database, hotelId: string, profile: HotelProfile, at: Date): Promise<void> {
  const today = hotelDate(profile.time_zone, at);
  const current = await database
    .selectFrom('stays')
    .select('id')
    .where('hotel_id', '=', hotelId)
    .where('leaves_on', '>', today)
    .limit(1)
    .executeTakeFirst();
  if (current) return;
  const day = (days: number): string => hotelDate(profile.time_zone, new Date(at.getTime() + days * 86_400_000));
  const stays = DEMO_STAYS.map(({ room, firstName, lastName }) => ({
    id: uuidv7(),
    hotel_id: hotelId,
    room,
    guest_name: `${firstName} ${lastName}`,
    arrives_on: day(-1),
    leaves_on: day(6),
  }));
  await database.insertInto('stays').values(stays).execute();
}

export class PostgresStayBook implements StayBook {
  readonly #database: Database;
  readonly #hotelId: string;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
  }

  async inRoom(room: string, today: string): Promise<Stay[]> {
    const rows = await this.#database
      .selectFrom('stays')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where('room', '=', room)
      .where('arrives_on', '<=', today)
      .where('leaves_on', '>=', today)
      .orderBy('arrives_on', 'desc')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      room: row.room,
      guestName: row.guest_name,
      arrivesOn: row.arrives_on,
      leavesOn: row.leaves_on,
    }));
  }

  async roomExists(room: string): Promise<boolean> {
    const row = await this.#database
      .selectFrom('rooms')
      .select('room')
      .where('hotel_id', '=', this.#hotelId)
      .where('room', '=', room)
      .executeTakeFirst();
    return row !== undefined;
  }

  async bind(callId: string, stayId: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.updateTable('calls').set({ stay_id: stayId }).where('id', '=', callId).execute();
      await transaction
        .updateTable('service_requests')
        .set({ stay_id: stayId })
        .where('call_id', '=', callId)
        .where('stay_id', 'is', null)
        .where('room', '=', (expression) => expression.selectFrom('stays').select('room').where('id', '=', stayId))
        .execute();
    });
  }
}

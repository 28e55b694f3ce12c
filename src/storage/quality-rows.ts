/** Keeps with each call what it was like, once it has ended: folded from the events that are in the record. */
import { happeningSchema } from '../call/call-event.ts';
import { qualityOf } from '../call/call-quality.ts';
import type { PricesOf } from '../call/token-cost.ts';
import type { Database } from './database.ts';

/** Events of a version that knew other kinds are left out. @throws an error of the database. */
export async function keepQuality(database: Database, callIds: readonly string[], pricesOf: PricesOf): Promise<void> {
  for (const callId of callIds) {
    const rows = await database
      .selectFrom('call_events')
      .select('happening')
      .where('call_id', '=', callId)
      .orderBy('sequence')
      .execute();
    const events = rows.flatMap(({ happening }) => {
      const read = happeningSchema.safeParse(happening);
      return read.success ? [{ happening: read.data }] : [];
    });
    await database
      .updateTable('calls')
      .set({ quality: JSON.stringify(qualityOf(events, pricesOf)) })
      .where('id', '=', callId)
      .execute();
  }
}

/** Questions to staff in the database: the first answer stands, whoever else answers or closes. */
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalQuestion } from '../../src/hotel/tool-servers/ports.ts';
import { APPROVALS_CHANNEL, PostgresApprovalBook } from '../../src/storage/approval-book.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { seedHotel } from '../../src/storage/hotel-book.ts';
import { exampleHotel } from '../example-hotel.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { Channel } from './channel.ts';

let testDatabase: TestDatabase;
let database: Database;
let hotelId: string;
let book: PostgresApprovalBook;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  hotelId = await seedHotel(database, exampleHotel(), false, new Date());
  book = new PostgresApprovalBook(database, hotelId);
});

beforeEach(async () => {
  await sql`truncate approvals, audit_log`.execute(database);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

async function asked(change: Partial<ApprovalQuestion> = {}): Promise<ApprovalQuestion> {
  const question: ApprovalQuestion = {
    id: uuidv7(),
    callId: uuidv7(),
    server: 'spa',
    tool: 'book',
    argumentsJson: '{"at":"10:00"}',
    path: 'client',
    askedAt: new Date(),
    expiresAt: new Date(Date.now() + 20_000),
    ...change,
  };
  await book.open(question);
  return question;
}
const late = (): Date => new Date(Date.now() - 1_000);
const audit = () => database.selectFrom('audit_log').select(['who', 'what', 'subject', 'details']).execute();

describe('questions to staff', () => {
  it('wait with all that staff decide on, and the room of their call when it is known', async () => {
    const callId = uuidv7();
    await database
      .insertInto('calls')
      .values({
        id: callId,
        hotel_id: hotelId,
        carrier: 'c',
        from_number: '+1',
        to_number: '+2',
        agent: 'a',
        phase: 'talking',
        started_at: new Date(),
        room: '214',
      })
      .execute();
    const first = await asked({ callId, askedAt: new Date(Date.now() - 5_000) });
    const second = await asked();
    await asked({ expiresAt: late() });
    await book.close((await asked()).id, 'cancelled');
    expect(await book.pending()).toEqual([
      { ...first, room: '214' },
      { ...second, room: null },
    ]);
  });

  it('[T9] of twenty members who answer at once one decides; the others learn who, and the log has one line', async () => {
    const { id, callId } = await asked();
    const outcomes = await Promise.all(
      [...Array(20).keys()].map((number) => book.answer(id, number % 2 ? 'approved' : 'denied', `member ${number}`)),
    );
    const [won, ...more] = outcomes.filter((outcome) => outcome.kind === 'answered');
    expect(more).toEqual([]);
    const by = outcomes.findIndex((outcome) => outcome === won);
    const taken = { kind: 'taken', decision: won?.decision, by: `member ${by}` };
    expect(outcomes.filter((outcome) => outcome !== won)).toEqual(Array.from({ length: 19 }, () => taken));
    expect(await audit()).toEqual([
      {
        who: `member ${by}`,
        what: `tool call ${won?.decision}`,
        subject: id,
        details: { callId, server: 'spa', tool: 'book' },
      },
    ]);
    expect(await book.decisionOf(id)).toEqual({ decision: won?.decision, by: `member ${by}` });
  });

  it('answered and closed at once have one end, which both are told', async () => {
    const ends = await Promise.all(
      [...Array(20).keys()].map(async (number) => {
        const { id } = await asked();
        const closing = (): Promise<string> => book.close(id, 'expired');
        const [closed, answered] =
          number % 2
            ? await Promise.all([closing(), book.answer(id, 'approved', 'Ann')])
            : ((await Promise.all([book.answer(id, 'approved', 'Ann'), closing()])).toReversed() as [
                string,
                { kind: string },
              ]);
        return [closed, answered.kind, (await book.decisionOf(id))?.decision];
      }),
    );
    for (const end of ends)
      expect([
        ['expired', 'over', 'expired'],
        ['approved', 'answered', 'approved'],
      ]).toContainEqual(end);
  });

  it('whose time is over take no answer, closed or not', async () => {
    const { id } = await asked({ expiresAt: late() });
    expect(await book.answer(id, 'approved', 'Ann')).toEqual({ kind: 'over', decision: 'expired' });
    expect(await book.close(id, 'expired')).toBe('expired');
    expect(await book.answer(id, 'approved', 'Ann')).toEqual({ kind: 'over', decision: 'expired' });
    expect(await audit()).toEqual([]);
  });

  it('whose time ran out while an answer waited for another one take none', async () => {
    const { id } = await asked({ expiresAt: new Date(Date.now() + 300) });
    const answer = database.transaction().execute(async (transaction) => {
      await transaction.selectFrom('approvals').selectAll().where('id', '=', id).forUpdate().execute();
      const waiting = book.answer(id, 'approved', 'Ann');
      await sql`select pg_sleep(0.5)`.execute(transaction);
      return { waiting };
    });
    expect(await (await answer).waiting).toEqual({ kind: 'over', decision: 'expired' });
  });

  it('of a call that ended are over', async () => {
    const { id } = await asked();
    expect(await book.close(id, 'cancelled')).toBe('cancelled');
    expect(await book.answer(id, 'denied', 'Ann')).toEqual({ kind: 'over', decision: 'cancelled' });
    expect(await book.close(id, 'expired')).toBe('cancelled');
  });

  it.each([uuidv7(), 'no id', ''])('that nobody asked are unknown: %j', async (id) => {
    expect(await book.answer(id, 'approved', 'Ann')).toEqual({ kind: 'unknown' });
    expect(await book.decisionOf(id)).toBeUndefined();
  });

  it('of another hotel are neither seen nor answered', async () => {
    const { id } = await asked();
    const other = new PostgresApprovalBook(database, uuidv7());
    expect(await other.pending()).toEqual([]);
    expect(await other.answer(id, 'approved', 'Eve')).toEqual({ kind: 'unknown' });
    expect(await book.decisionOf(id)).toEqual({ decision: null, by: null });
  });

  it('are heard of by other instances when they are asked, answered and closed, each once', async () => {
    const channel = await Channel.open(testDatabase.url, APPROVALS_CHANNEL);
    const answered = (await asked()).id;
    const closed = (await asked()).id;
    await book.answer(answered, 'approved', 'Ann');
    await book.answer(answered, 'denied', 'Bob');
    await book.close(answered, 'expired');
    await book.close(closed, 'cancelled');
    await expect.poll(() => channel.heard).toEqual([answered, closed, answered, closed]);
    await channel.close();
  });

  it('[T9] are not answered without a line in the audit log', async () => {
    const { id } = await asked();
    await sql`alter table audit_log add constraint nobody check (who <> 'Eve')`.execute(database);
    await expect(book.answer(id, 'approved', 'Eve')).rejects.toThrow('nobody');
    await sql`alter table audit_log drop constraint nobody`.execute(database);
    expect(await book.decisionOf(id)).toEqual({ decision: null, by: null });
  });
});

import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventFeed } from '../../src/storage/event-feed.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

describe('hearing of changes', () => {
  it('goes on after its connection broke, and says that something may have been missed', async () => {
    const heard: string[] = [];
    let missed = 0;
    const feed = new EventFeed({
      url: database.url,
      channel: 'changes',
      heard: (id) => heard.push(id),
      missed: () => missed++,
      log: pino({ level: 'silent' }),
    });
    await feed.open();
    await run("notify changes, 'a'");
    await expect.poll(() => heard).toEqual(['a']);
    expect(missed).toBe(0);
    await run(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bellhop feed' and datname = current_database()",
    );
    await expect.poll(() => missed, { timeout: 5_000 }).toBe(1);
    await run("notify changes, 'b'");
    await expect.poll(() => heard).toEqual(['a', 'b']);
    await feed.close();
  });
});

/** The whole app while things behind a call fail: a small run of what `npm run bench:faults` does at large. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runFaults } from '../../scripts/faults/fault-run.ts';
import { troublesOf } from '../../scripts/faults/fault-table.ts';
import { runKills } from '../../scripts/faults/kill-run.ts';
import { runProviderCases } from '../../scripts/faults/provider-cases.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

/** Figures of time are those of a machine that does other things too; the bench holds them to the rules. */
const OF_TIME = /audio|sound|silence|agent back/;

describe('the agent goes away in mid-call', { timeout: 90_000 }, () => {
  it('[MODEL-25] at any point: no second greeting, nothing doubled or lost, an end that the guest understands', async () => {
    const results = await runFaults({ databaseUrl: database.url, points: 12, seed: 5, atOnce: 6 });
    expect(results).toHaveLength(12);
    expect(results.flatMap(troublesOf).filter((trouble) => !OF_TIME.test(trouble.split(': ')[1] ?? ''))).toEqual([]);
    // Far beyond the rule, so that only a broken one fails.
    for (const { newAudioMs, longestSilenceMs } of results) {
      expect(newAudioMs ?? 0).toBeLessThan(8_000);
      expect(longestSilenceMs).toBeLessThan(5_000);
    }
  });
});

describe('no provider', { timeout: 60_000 }, () => {
  it('[MODEL-20] [MODEL-24] a hanging one and a fatal one: the desk rings within 10 s, and a key that is refused is no redial', async () => {
    const [hanging, fatal] = await runProviderCases(database.url, 'desk', ['hanging handshake', 'refused with 401']);
    expect(hanging?.reachedMs).toBeLessThan(10_000);
    expect(fatal).toMatchObject({ handshakes: 1, wasAlarmed: true });
    expect(fatal?.reachedMs).toBeLessThan(10_000);
  });
});

describe('the server is killed', { timeout: 120_000 }, () => {
  it('[END-35] [TOOL-39] what was acknowledged is there after the restart, once, also when the database was away', async () => {
    const result = await runKills({ databaseUrl: database.url, points: 6, seed: 3 });
    expect(result.acknowledged).toBeGreaterThan(0);
    expect(result).toMatchObject({ lost: 0, doubled: 0 });
  });
});

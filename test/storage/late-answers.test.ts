import pg from 'pg';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { letGoOfLateConnections } from '../../src/storage/late-answers.ts';
import { DatabaseGate } from './database-gate.ts';

let gate: DatabaseGate;
let pool: pg.Pool;

beforeEach(async () => {
  gate = await DatabaseGate.open(inject('databaseUrl'));
  pool = new pg.Pool({ connectionString: gate.url, max: 2, query_timeout: 300, connectionTimeoutMillis: 300 });
  pool.on('error', () => {});
  letGoOfLateConnections(pool);
});
afterEach(async () => {
  await pool.end();
  await gate.refuse();
});

it('a connection that owes an answer is not handed out again', async () => {
  const client = await pool.connect();
  client.on('error', () => {});
  await client.query('begin');
  gate.silence();
  await expect(client.query('select 1')).rejects.toThrow('timeout');
  await expect(client.query('rollback')).rejects.toThrow();
  client.release();
  await gate.restore();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

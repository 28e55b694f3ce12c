/** Many calls that lose their agent, some at once, and what the database holds of them in the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MARK_OF } from '../../test/peers/acting-script.ts';
import { runFaultCall, type FaultResult } from './fault-call.ts';
import { planFaults } from './fault-plan.ts';
import { openLane, type Lane } from './lane.ts';

export interface FaultRunOptions {
  databaseUrl: string;
  points: number;
  seed: number;
  atOnce: number;
  tell?: (line: string) => void;
}

export interface CheckedResult extends FaultResult {
  path: 'native' | 'function';
  doubled: number;
  lost: number;
}

/** A turn of a call takes about so long. */
const STEP_MS = 5_000;
const NOTED_WITHIN_MS = 11_000;

/** Runs every case of the plan; the two ways to tools alternate. */
export async function runFaults(options: FaultRunOptions): Promise<CheckedResult[]> {
  const { databaseUrl, points, seed, atOnce, tell = () => {} } = options;
  const waiting = planFaults(points, seed);
  const results: CheckedResult[] = [];
  const work = async (lane: Lane, path: 'native' | 'function'): Promise<void> => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const result = await runFaultCall(lane, fault);
      results.push({ ...result, path, ...(await requestsOf(databaseUrl, result)) });
      tell(`${results.length} of ${points}: #${fault.number}`);
    }
  };
  const lanes: Lane[] = [];
  try {
    // One after the other: the first one makes the tables.
    for (let index = 0; index < atOnce; index++)
      lanes.push(await openLane({ databaseUrl, path: index % 2 === 0 ? 'native' : 'function' }));
    // Not in step: what many calls do at the same moment is no fault of the one.
    const started = lanes.map((lane, index) =>
      sleep((index * STEP_MS) / atOnce).then(() => work(lane, index % 2 === 0 ? 'native' : 'function')),
    );
    await Promise.all(started);
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
  return results.toSorted((one, other) => one.fault.number - other.fault.number);
}

/** A guest who asked for it and was not given to a person has one request, and so has whoever was told of one. */
async function requestsOf(databaseUrl: string, result: FaultResult): Promise<{ doubled: number; lost: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const sql = 'select summary from service_requests where call_id = $1';
    const isOwed = result.end !== 'transferred' || result.acknowledged.length > 0;
    let stored = 0;
    // What was noted while the database was slow follows within 10 s.
    for (const until = Date.now() + NOTED_WITHIN_MS; ; await sleep(500)) {
      const { rows } = await client.query<{ summary: string }>(sql, [result.callId]);
      stored = rows.filter(({ summary }) => MARK_OF.towels?.test(summary)).length;
      if (stored > 0 || !isOwed || Date.now() > until) break;
    }
    return { doubled: Math.max(0, stored - 1), lost: isOwed && stored === 0 ? 1 : 0 };
  } finally {
    await client.end();
  }
}

/** How tools did over the last 24 hours, by server and tool, from the record of their calls. */
import { sql } from 'kysely';
import { OWN_LABEL } from '../hotel/tool-servers/definition.ts';
import type { ToolFigure } from '../hotel/tool-servers/tool-figures.ts';
import type { Database } from './database.ts';

const MAX_LISTED = 1_000;
const MAX_MESSAGE = 300;

interface Row extends Omit<ToolFigure, 'lastError'> {
  failedAt: Date | null;
  error: string | null;
}

/** @returns by server and name. @throws an error of the database. */
export async function toolFigures(database: Database, hotelId: string): Promise<ToolFigure[]> {
  // By way of the calls, none of which takes a day: they have an index by time.
  const { rows } = await sql<Row>`
    select coalesce(server, ${OWN_LABEL}) as server, tool,
      count(*)::int as calls,
      count(*) filter (where outcome = 'failed')::int as failures,
      percentile_cont(0.5) within group (order by tool_calls.duration_ms) as "p50Ms",
      percentile_cont(0.95) within group (order by tool_calls.duration_ms) as "p95Ms",
      avg((path = 'native')::int)::float8 as "nativeShare",
      max(tool_calls.started_at) filter (where outcome = 'failed') as "failedAt",
      (array_agg(left(coalesce(error, result), ${MAX_MESSAGE}::int) order by tool_calls.started_at desc)
        filter (where outcome = 'failed'))[1] as error
    from calls join tool_calls on tool_calls.call_id = calls.id
    where calls.hotel_id = ${hotelId} and calls.started_at > now() - interval '48 hours'
      and tool_calls.started_at > now() - interval '24 hours'
    group by 1, 2
    order by 1, 2
    limit ${MAX_LISTED}`.execute(database);
  return rows.map(({ failedAt, error, ...figures }) => ({
    ...figures,
    lastError: failedAt && { at: failedAt, message: error ?? '' },
  }));
}

/** Writes a batch of call events: the events as they are, and what they say of calls, turns and tools. */
import { sql, type Transaction } from 'kysely';
import type { CallEvent, Happening } from '../call/call-event.ts';
import type { EndReason } from '../call/call-state.ts';
import type { PricesOf } from '../call/token-cost.ts';
import type { ToolLedger } from '../hotel/ports.ts';
import type { Database } from './database.ts';
import { keepQuality } from './quality-rows.ts';
import type { Schema } from './schema.ts';

export type ToolEntry = Parameters<ToolLedger['record']>[0];
/** What came of a call after it: numbered when it is written. */
export type LateEvent = Pick<CallEvent, 'callId' | 'at' | 'happening'>;
const INSTANCE_LOST = JSON.stringify({ kind: 'ended', reason: 'instance-lost' satisfies EndReason });
type CallChange = Partial<Omit<Schema['calls'], 'id'>>;

/** Where a batch comes from. */
export interface Writer {
  hotelId: string;
  instanceId: string;
  /** What the models of its calls cost. */
  pricesOf: PricesOf;
}

/** All or nothing; written twice it changes nothing more. */
export async function writeBatch(
  database: Database,
  writer: Writer,
  events: readonly CallEvent[],
  tools: readonly ToolEntry[],
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await addCalls(transaction, writer, events);
    await goOn(transaction, events);
    await addEvents(transaction, events);
    await addTurns(transaction, events);
    await addTools(transaction, tools);
    for (const [callId, change] of changesOf(events))
      await transaction
        .updateTable('calls')
        .set(change as never)
        .where('id', '=', callId)
        .execute();
    const ended = events.filter(({ happening }) => happening.kind === 'ended').map(({ callId }) => callId);
    await keepQuality(transaction, ended, writer.pricesOf);
  });
}

async function addCalls(
  transaction: Transaction<Schema>,
  { hotelId, instanceId }: Writer,
  events: readonly CallEvent[],
): Promise<void> {
  const rows = events.flatMap(({ callId, at, happening }) =>
    happening.kind === 'answered'
      ? [
          {
            id: callId,
            hotel_id: hotelId,
            carrier: happening.carrier,
            from_number: happening.from,
            to_number: happening.to,
            agent: happening.agent,
            phase: 'ringing',
            started_at: at,
            instance_id: instanceId,
          },
        ]
      : [],
  );
  if (rows.length > 0)
    await transaction
      .insertInto('calls')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** One statement with one array per column, however many events there are. */
async function addEvents(transaction: Transaction<Schema>, events: readonly CallEvent[]): Promise<void> {
  if (events.length === 0) return;
  const column = <T>(pick: (event: CallEvent) => T): T[] => events.map(pick);
  await sql`
    insert into call_events (call_id, sequence, at, since_answer_ms, kind, happening)
    select * from unnest(
      ${column((event) => event.callId)}::uuid[],
      ${column((event) => event.sequence)}::int[],
      ${column((event) => event.at)}::timestamptz[],
      ${column((event) => event.sinceAnswerMs)}::int[],
      ${column((event) => event.happening.kind)}::text[],
      ${column((event) => JSON.stringify(event.happening))}::jsonb[]
    ) as batch (call_id, sequence, at, since_answer_ms, kind, happening)
    where exists (select from calls where calls.id = batch.call_id)
    on conflict do nothing`.execute(transaction);
}

/**
 * A call that was ended for its instance, which only could not be heard of for a while: it goes on (rule END-42). What the
 * sweeper wrote of its end gives way to what the instance says.
 */
async function goOn(transaction: Transaction<Schema>, events: readonly CallEvent[]): Promise<void> {
  const callIds = [...new Set(events.map(({ callId }) => callId))];
  if (callIds.length === 0) return;
  const ended = await transaction
    .updateTable('calls')
    .set({ ended_at: null, end_reason: null, duration_ms: null, phase: lastPhase })
    .where('id', 'in', callIds)
    .where('end_reason', '=', 'instance-lost' satisfies EndReason)
    .returning('id')
    .execute();
  for (const { id } of ended)
    await sql`delete from call_events where call_id = ${id} and happening @> ${INSTANCE_LOST}::jsonb`.execute(
      transaction,
    );
}

const lastPhase = sql<string>`coalesce(
  (
    select happening ->> 'to' from call_events
    where call_id = calls.id and kind = 'phase-changed'
    order by sequence desc limit 1
  ),
  'ringing'
)`;

async function addTurns(transaction: Transaction<Schema>, events: readonly CallEvent[]): Promise<void> {
  const rows = events.flatMap(({ callId, at, happening }) => {
    if (happening.kind !== 'guest-said' && happening.kind !== 'agent-said') return [];
    const { turnId, order, text } = happening;
    const agent = happening.kind === 'agent-said' ? happening : undefined;
    return [
      {
        call_id: callId,
        turn_id: turnId,
        turn_order: order,
        speaker: agent ? ('agent' as const) : ('guest' as const),
        text,
        heard_ms: agent?.heardMs ?? null,
        was_cut_off: agent?.wasCutOff ?? false,
        at,
      },
    ];
  });
  if (rows.length > 0)
    await transaction
      .insertInto('transcript_turns')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

async function addTools(transaction: Transaction<Schema>, tools: readonly ToolEntry[]): Promise<void> {
  const rows = tools.map((entry) => ({
    id: entry.toolCallId,
    call_id: entry.callId,
    tool: entry.tool,
    path: entry.path,
    server: entry.server ?? null,
    error: entry.error ?? null,
    result_bytes: entry.resultBytes ?? null,
    arguments: entry.argumentsJson,
    outcome: entry.outcome,
    result: entry.result,
    started_at: entry.startedAt,
    duration_ms: entry.durationMs,
  }));
  if (rows.length > 0)
    await transaction
      .insertInto('tool_calls')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Adds events behind the last one of their calls, each once; those of calls that are not in the record are left out. */
export async function addLate(database: Database, events: readonly LateEvent[]): Promise<void> {
  for (const { callId, at, happening } of events)
    await sql`
      insert into call_events (call_id, sequence, at, since_answer_ms, kind, happening)
      select id, coalesce((select max(sequence) from call_events where call_id = calls.id), 0) + 1, ${at}::timestamptz,
        greatest(0, round(extract(epoch from ${at}::timestamptz - started_at) * 1000))::int, ${happening.kind},
        ${JSON.stringify(happening)}::jsonb
      from calls
      where id = ${callId}
        and not exists (
          select from call_events where call_id = calls.id and happening = ${JSON.stringify(happening)}::jsonb
        )`.execute(database);
}

/** What the events change in the rows of their calls, summed up per call. */
function changesOf(events: readonly CallEvent[]): Map<string, CallChange> {
  const changes = new Map<string, CallChange>();
  for (const { callId, at, happening } of events) {
    const change = changeOf(happening, at);
    if (change) changes.set(callId, { ...changes.get(callId), ...change });
  }
  return changes;
}

function changeOf(happening: Happening, at: string): CallChange | undefined {
  switch (happening.kind) {
    case 'phase-changed':
      return { phase: happening.to };
    case 'first-audio':
      return { first_audio_ms: happening.afterMs };
    case 'guest-verified':
      return { room: happening.room, stay_id: happening.stayId };
    case 'transfer-started':
      return { transferred_to: happening.department };
    case 'transfer-ended':
      return happening.outcome === 'connected' ? undefined : { transferred_to: null };
    case 'ended':
      return { ended_at: at as never, end_reason: happening.reason, duration_ms: happening.durationMs };
    default:
      return undefined;
  }
}

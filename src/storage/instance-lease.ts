/**
 * The lease of this instance, and the end of calls whose instance has none any more (rule END-42). All times are the
 * database's. Whoever sweeps has itself been heard for a while: after an outage others get the time to be heard too.
 */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { callEventSchema, type CallEvent } from '../call/call-event.ts';
import type { EndReason } from '../call/call-state.ts';
import type { Writer } from './call-batch.ts';
import type { Database } from './database.ts';
import { keepQuality } from './quality-rows.ts';

/** Names the channel on which instances and viewers hear of a call that was ended for another; the payload is its id. */
export const CALLS_CHANNEL = 'bellhop_calls';

/** Milliseconds. From the death of an instance to the end of its calls: lease, then sweep, with what the queries take. */
export const LEASE_TIMES = { leaseMs: 10_000, renewEveryMs: 3_000, heardForMs: 16_000 } as const;
export type LeaseTimes = Record<keyof typeof LEASE_TIMES, number>;
/** In one go; what is left follows with the next. */
const MAX_SWEPT = 500;
/** Rows of instances that are gone are kept while their calls are ended, and some time for whoever looks into it. */
const FORGET_AFTER = sql`interval '1 day'`;

export interface InstanceLeaseOptions {
  database: Database;
  writer: Writer;
  log: Logger;
  /** Hears of each call that was ended for another instance, once among all instances. */
  ended(event: CallEvent): void;
  times?: LeaseTimes;
}

export class InstanceLease {
  readonly #options: InstanceLeaseOptions;
  readonly #times: LeaseTimes;
  #timer: NodeJS.Timeout | undefined;
  #beat: Promise<void> = Promise.resolve();
  /** Since when every renewal came in time, in monotonic milliseconds. */
  #heardSinceMs: number | undefined;
  #isClosed = false;

  constructor(options: InstanceLeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? LEASE_TIMES;
  }

  /** Takes the lease, so that it stands before the first call; renews it from then on. @throws an error of the database. */
  async open(): Promise<void> {
    await this.#renew();
    this.#heardSinceMs = performance.now();
    this.#later();
  }

  /** Gives the lease back: calls that are still not ended are anyone's to end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#beat;
    const { database, writer } = this.#options;
    await database
      .deleteFrom('instances')
      .where('id', '=', writer.instanceId)
      .execute()
      .catch(() => {});
  }

  /**
   * Ends the calls of instances whose lease ran out: row and event, all or nothing; what another sweeper has under way is
   * left to it. @returns how many there were. @throws an error of the database.
   */
  async sweep(): Promise<number> {
    const { database, log, ended } = this.#options;
    const events = await database.transaction().execute((transaction) => endLost(transaction, this.#options.writer));
    for (const event of events) {
      log.error({ callId: event.callId }, 'call ended: its instance is gone');
      ended(event);
    }
    return events.length;
  }

  async #renew(): Promise<void> {
    const until = sql<Date>`now() + ${this.#times.leaseMs} * interval '1 millisecond'`;
    await this.#options.database
      .insertInto('instances')
      .values({ id: this.#options.writer.instanceId, lease_until: until })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ lease_until: until }))
      .execute();
  }

  #later(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#beat = this.#renewAndSweep().finally(() => this.#later());
    }, this.#times.renewEveryMs);
    this.#timer.unref();
  }

  async #renewAndSweep(): Promise<void> {
    const startedAtMs = performance.now();
    try {
      await this.#renew();
      const nowMs = performance.now();
      // So slow an answer may have cost us our own lease, and others theirs.
      if (nowMs - startedAtMs + this.#times.renewEveryMs > this.#times.leaseMs) this.#heardSinceMs = undefined;
      this.#heardSinceMs ??= nowMs;
      if (nowMs - this.#heardSinceMs >= this.#times.heardForMs) await this.sweep();
    } catch (error) {
      if (this.#heardSinceMs !== undefined)
        this.#options.log.warn({ err: error }, 'the lease cannot be renewed, trying again');
      this.#heardSinceMs = undefined;
    }
  }
}

interface Lost {
  call_id: string;
  sequence: number;
  at: Date;
  since_answer_ms: number;
  happening: unknown;
}

async function endLost(database: Database, { hotelId, instanceId, pricesOf }: Writer): Promise<CallEvent[]> {
  const reason: EndReason = 'instance-lost';
  const { rows } = await sql<Lost>`
    with lost as (
      select calls.id, greatest(calls.started_at, least(now(), coalesce(instances.lease_until, now()))) as lost_at
      from calls left join instances on instances.id = calls.instance_id
      where calls.hotel_id = ${hotelId} and calls.ended_at is null
        and case
          when calls.instance_id is null then calls.started_at < now() - interval '6 hours'
          else calls.instance_id <> ${instanceId} and coalesce(instances.lease_until < now(), true)
        end
      limit ${MAX_SWEPT}
      for update of calls skip locked
    ), swept as (
      update calls set phase = 'ended', end_reason = ${reason}, ended_at = lost_at,
        duration_ms = round(extract(epoch from lost_at - started_at) * 1000)::int
      from lost where calls.id = lost.id
      returning calls.id, calls.ended_at, calls.duration_ms
    ), told as (
      select pg_notify(${CALLS_CHANNEL}, id::text) from swept
    )
    insert into call_events (call_id, sequence, at, since_answer_ms, kind, happening)
    select id, coalesce((select max(sequence) from call_events where call_id = id), 0) + 1, ended_at, duration_ms, 'ended',
      jsonb_build_object('kind', 'ended', 'reason', ${reason}::text, 'durationMs', duration_ms)
    from swept
    where (select count(*) from told) > 0
    returning *`.execute(database);
  await sql`
    delete from instances
    where lease_until < now() - ${FORGET_AFTER}
      and not exists (select from calls where instance_id = instances.id and ended_at is null)`.execute(database);
  await keepQuality(
    database,
    rows.map((row) => row.call_id),
    pricesOf,
  );
  return rows.map((row) =>
    callEventSchema.parse({
      callId: row.call_id,
      sequence: row.sequence,
      at: row.at.toISOString(),
      sinceAnswerMs: row.since_answer_ms,
      happening: row.happening,
    }),
  );
}

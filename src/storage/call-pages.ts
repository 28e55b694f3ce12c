/** Reads calls back for staff and for whoever asks what a call came to. */
import { sql, type Selectable } from 'kysely';
import { callEventSchema, type CallEvent } from '../call/call-event.ts';
import type { CallQuality } from '../call/call-quality.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

type Call = Selectable<Schema['calls']>;

export class CallPages {
  readonly #database: Database;
  readonly #hotelId: string;

  constructor(database: Database, hotelId: string) {
    this.#database = database;
    this.#hotelId = hotelId;
  }

  /** Newest first. */
  async list(limit: number): Promise<ReturnType<typeof summaryOf>[]> {
    const rows = await this.#database
      .selectFrom('calls')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .orderBy('started_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(summaryOf);
  }

  async get(callId: string) {
    const call = await this.#database
      .selectFrom('calls')
      .selectAll()
      .where('hotel_id', '=', this.#hotelId)
      .where('id', '=', callId)
      .executeTakeFirst();
    if (!call) return undefined;
    const turns = await this.#database
      .selectFrom('transcript_turns')
      .select(['turn_id as turnId', 'turn_order as order', 'speaker', 'text', 'was_cut_off as wasCutOff', 'at'])
      .where('call_id', '=', callId)
      .orderBy('turn_order')
      .execute();
    const tools = await this.#database
      .selectFrom('tool_calls')
      .select([
        'tool',
        'server',
        'path',
        'outcome',
        'error',
        'result_bytes as resultBytes',
        'duration_ms as durationMs',
        'result',
        'started_at as at',
      ])
      .where('call_id', '=', callId)
      .orderBy('started_at')
      .execute();
    const languages = await this.#database
      .selectFrom('call_events')
      .select([sql<string>`happening->>'to'`.as('language'), 'at'])
      .where('call_id', '=', callId)
      .where(sql<boolean>`happening->>'kind' = 'language-switched'`)
      .orderBy('sequence')
      .execute();
    return { call: summaryOf(call), quality: call.quality as CallQuality | null, turns, tools, languages };
  }

  /** @param prefix of call ids; none for all. @returns the ids that begin with it, newest call first. */
  async idsLike(prefix: string, limit: number): Promise<string[]> {
    const rows = await this.#database
      .selectFrom('calls')
      .select('id')
      .where('hotel_id', '=', this.#hotelId)
      .where(sql<boolean>`starts_with(id::text, ${prefix.toLowerCase()})`)
      .orderBy('started_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  /** In order; those of a version that knew other kinds are left out. */
  async events(callId: string): Promise<CallEvent[]> {
    const rows = await this.#database
      .selectFrom('call_events')
      .selectAll()
      .where('call_id', '=', callId)
      .orderBy('sequence')
      .execute();
    return rows.flatMap((row) => {
      const { sequence, since_answer_ms: sinceAnswerMs, happening } = row;
      const read = callEventSchema.safeParse({ callId, sequence, at: row.at.toISOString(), sinceAnswerMs, happening });
      return read.success ? [read.data] : [];
    });
  }
}

function summaryOf(row: Call) {
  return {
    callId: row.id,
    from: row.from_number,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    phase: row.phase,
    room: row.room,
    firstAudioMs: row.first_audio_ms,
    transferredTo: row.transferred_to,
  };
}

/**
 * The record of calls: reads call events and writes them in batches of all calls together. It never makes a call wait;
 * what cannot be written while the database is away is kept up to a bound and tried again.
 */
import type { Logger } from 'pino';
import type { CallEvent, Happening } from '../call/call-event.ts';
import { redactCards } from '../call/card-numbers.ts';
import { plain } from '../call/plain-text.ts';
import type { EventReader } from '../call/ports.ts';
import type { ToolLedger } from '../hotel/ports.ts';
import { addLate, writeBatch, type LateEvent, type ToolEntry, type Writer } from './call-batch.ts';
import { isAboutData } from './database-reach.ts';
import type { Database } from './database.ts';

/** Each batch costs a transaction, however small: twice a second is cheap at a hundred calls and soon enough to read. */
const FLUSH_EVERY_MS = 500;
/** Some minutes of a busy instance; then the oldest go, counted. */
const MAX_KEPT = 20_000;
const MAX_BATCH = 500;
const RETRY_AFTER_MS = 1_000;

export class CallLog implements EventReader, ToolLedger {
  readonly #database: Database;
  readonly #writer: Writer;
  readonly #log: Logger;
  #events: CallEvent[] = [];
  #tools: ToolEntry[] = [];
  #late: LateEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isAway = false;
  lost = 0;

  constructor(database: Database, writer: Writer, log: Logger) {
    this.#database = database;
    this.#writer = writer;
    this.#log = log;
  }

  words(): void {}

  happened(event: CallEvent): void {
    this.#events.push(redacted(plain(event)));
    if (this.#events.length > MAX_KEPT) {
      this.#events.shift();
      this.lost++;
    }
    this.#flushLater(FLUSH_EVERY_MS);
  }

  record(entry: ToolEntry): void {
    const { argumentsJson, result, error, ...rest } = plain(entry);
    this.#tools.push({
      ...rest,
      argumentsJson: redactCards(argumentsJson),
      result: redactCards(result),
      ...(error !== undefined && { error: redactCards(error) }),
    });
    if (this.#tools.length > MAX_KEPT) this.#tools.shift();
    this.#flushLater(FLUSH_EVERY_MS);
  }

  /** What came of a call after it: its record, numbered after all of it. A call that is not in the record gets none. */
  happenedLater(callId: string, happening: Happening): void {
    this.#late.push({ callId, at: new Date().toISOString(), happening: plain(happening) });
    if (this.#late.length > MAX_KEPT) this.#late.shift();
    this.#flushLater(FLUSH_EVERY_MS);
  }

  /** Writes what is kept, within `withinMs`. @returns whether all is written. */
  async flush(withinMs: number): Promise<boolean> {
    const until = Date.now() + withinMs;
    while (this.#kept() > 0 || this.#writing) {
      if (Date.now() > until || this.#isAway) return false;
      await (this.#writing ?? this.#write());
    }
    return true;
  }

  #kept(): number {
    return this.#events.length + this.#tools.length + this.#late.length;
  }

  #flushLater(delayMs: number): void {
    if (this.#timer || this.#writing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delayMs);
    this.#timer.unref();
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writeSome().finally(() => {
      this.#writing = undefined;
      if (this.#kept() > 0) this.#flushLater(this.#isAway ? RETRY_AFTER_MS : FLUSH_EVERY_MS);
    });
    return this.#writing;
  }

  async #writeSome(): Promise<void> {
    const events = this.#events.splice(0, MAX_BATCH);
    const tools = this.#tools.splice(0, MAX_BATCH);
    // They come after all that was told of their calls before.
    const late = this.#events.length === 0 ? this.#late.splice(0, MAX_BATCH) : [];
    try {
      await this.#writeOrSift(events, tools);
      await addLate(this.#database, late);
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) this.#log.error({ err: error }, 'the record of calls cannot be written, trying again');
      this.#isAway = true;
      this.#events.unshift(...events);
      this.#tools.unshift(...tools);
      this.#late.unshift(...late);
    }
  }

  /** What the database will never take is left out, and nothing else with it. */
  async #writeOrSift(events: readonly CallEvent[], tools: readonly ToolEntry[]): Promise<void> {
    try {
      await writeBatch(this.#database, this.#writer, events, tools);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      for (const event of events) await this.#writeOrLose(event.callId, [event], []);
      for (const tool of tools) await this.#writeOrLose(tool.callId, [], [tool]);
    }
  }

  async #writeOrLose(callId: string, events: readonly CallEvent[], tools: readonly ToolEntry[]): Promise<void> {
    try {
      await writeBatch(this.#database, this.#writer, events, tools);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      this.lost++;
      // Its words stand in the error too, so only its code is logged.
      const { code } = error as { code?: string };
      this.#log.error({ callId, code, kind: events[0]?.happening.kind ?? 'tool' }, 'left out of the record of calls');
    }
  }
}

/** Card numbers never reach the record, however they were said. */
function redacted(event: CallEvent): CallEvent {
  const { happening } = event;
  switch (happening.kind) {
    case 'guest-said':
    case 'agent-said':
      return { ...event, happening: { ...happening, text: redactCards(happening.text) } };
    case 'tool-started':
    case 'approval-asked':
      return { ...event, happening: { ...happening, arguments: redactCards(happening.arguments) } };
    case 'tool-ended':
      return { ...event, happening: { ...happening, result: redactCards(happening.result) } };
    default:
      return event;
  }
}

/** The tool servers of a hotel as staff define them, which tools they approved, and which servers of the file they switched. */
import { sql, type Selectable } from 'kysely';
import { plain } from '../call/plain-text.ts';
import type { ServerDefinition } from '../hotel/tool-servers/definition.ts';
import { secretsOf, shown, withKeptSecrets } from '../hotel/tool-servers/shown-definition.ts';
import type { ListedTool } from '../hotel/tool-servers/ports.ts';
import type { ApprovedTool } from '../hotel/tool-servers/trust.ts';
import { noteAudit } from './audit-rows.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { SecretBox } from './secret-box.ts';
import {
  changedFields,
  definitionColumns,
  isProgram,
  NO_PROGRAMS,
  serverOf,
  type StaffToolServer,
} from './tool-server-rows.ts';

/** The channel on which all instances hear of a changed server, or of its tools; the payload is its label. */
export const TOOL_SERVERS_CHANNEL = 'mcp_servers';

const MAX_SERVERS = 50;
const FULL = `there are ${MAX_SERVERS} servers already, and there may be no more`;

type Row = Selectable<Schema['mcp_servers']>;

/** What came of a change. */
export type ToolServerWritten =
  | { kind: 'done'; server: StaffToolServer }
  | { kind: 'unknown' }
  /** Another change was faster, or the label is taken: the server as it is now. */
  | { kind: 'conflict'; server: StaffToolServer }
  /** In words for staff, by name of the field; nothing was changed. */
  | { kind: 'mistaken'; mistakes: string[] };

/** `before` is locked until the change is done. */
type Change = (before: StaffToolServer) => ServerDefinition | { mistakes: string[] };

/** `member` is the name of who changes something. Each change stands in the audit log by the same transaction. */
export class ToolServerBook {
  readonly #database: Database;
  readonly #hotelId: string;
  readonly #box: SecretBox;

  constructor(database: Database, hotelId: string, box: SecretBox) {
    this.#database = database;
    this.#hotelId = hotelId;
    this.#box = box;
  }

  /** By label. Those that cannot be read have a problem. @throws an error of the database. */
  async list(): Promise<StaffToolServer[]> {
    const rows = await this.#rows(this.#database).orderBy('label').limit(MAX_SERVERS).execute();
    return rows.map((row) => serverOf(this.#box, row));
  }

  async get(label: string): Promise<StaffToolServer | undefined> {
    const row = await this.#rows(this.#database).where('label', '=', label).executeTakeFirst();
    return row && serverOf(this.#box, row);
  }

  /** @param label and definition checked by their schemas. */
  add(label: string, definition: ServerDefinition, member: string): Promise<ToolServerWritten> {
    return this.#database.transaction().execute(async (transaction) => {
      // Two that add wait for each other, so that the count holds.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`mcp_servers/${this.#hotelId}`}, 0))`.execute(
        transaction,
      );
      const rows = await this.#rows(transaction).execute();
      const twin = rows.find((row) => row.label === label);
      if (twin) return { kind: 'conflict', server: serverOf(this.#box, twin) };
      if (rows.length >= MAX_SERVERS) return { kind: 'mistaken', mistakes: [FULL] };
      const mistakes = [...programMistakes(definition), ...withKeptSecrets(definition, undefined).mistakes];
      if (mistakes.length > 0) return { kind: 'mistaken', mistakes };
      const row = await transaction
        .insertInto('mcp_servers')
        .values({
          hotel_id: this.#hotelId,
          label,
          created_by: member,
          ...definitionColumns(this.#box, this.#hotelId, label, definition),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const { mode, transport, url, server_url: serverUrl } = shown(definition);
      await this.#note(transaction, label, member, 'tool server added', { mode, transport, url, serverUrl });
      return { kind: 'done', server: serverOf(this.#box, row) };
    });
  }

  /**
   * A secret that is empty or as it was shown keeps its old value, as `withKeptSecrets` says.
   * @param version the one that staff saw. @param definition checked by its schema.
   */
  change(label: string, version: number, definition: ServerDefinition, member: string): Promise<ToolServerWritten> {
    return this.#change({ label, version, member, what: 'tool server changed' }, (before) => {
      const kept = withKeptSecrets(definition, before.definition);
      // What cannot be opened any more cannot be kept either.
      const lost =
        before.problem === undefined
          ? []
          : [...secretsOf(kept.definition)].filter(([, secret]) => secret === '').map(([name]) => lostSecret(name));
      const mistakes = [...programMistakes(definition), ...kept.mistakes, ...lost];
      return mistakes.length > 0 ? { mistakes } : (kept.definition as ServerDefinition);
    });
  }

  /** Switches a server of staff's own, whatever version they saw. */
  setEnabled(label: string, isEnabled: boolean, member: string): Promise<ToolServerWritten> {
    const what = isEnabled ? 'tool server switched on' : 'tool server switched off';
    return this.#change({ label, version: undefined, member, what }, ({ definition, problem }) =>
      problem === undefined ? { ...definition, enabled: isEnabled } : { mistakes: [problem] },
    );
  }

  /** Takes the server away with what was approved of it: another one of this label begins without any trust. */
  remove(
    label: string,
    version: number,
    member: string,
  ): Promise<{ kind: 'removed' } | Extract<ToolServerWritten, { kind: 'unknown' | 'conflict' }>> {
    return this.#database.transaction().execute(async (transaction) => {
      const row = await this.#locked(transaction, label);
      if (!row) return { kind: 'unknown' };
      if (row.version !== version) return { kind: 'conflict', server: serverOf(this.#box, row) };
      for (const table of ['mcp_servers', 'mcp_tools'] as const)
        await transaction.deleteFrom(table).where('hotel_id', '=', this.#hotelId).where('label', '=', label).execute();
      await this.#note(transaction, label, member, 'tool server removed', { version });
      return { kind: 'removed' };
    });
  }

  // ——— servers of the file ———

  /** @returns by label whether staff switched a server of the file on or off; the others are as the file says. */
  async switches(): Promise<Map<string, boolean>> {
    const rows = await this.#database
      .selectFrom('mcp_server_switches')
      .select(['label', 'is_enabled'])
      .where('hotel_id', '=', this.#hotelId)
      .execute();
    return new Map(rows.map((row) => [row.label, row.is_enabled]));
  }

  /** @param label of a server that the file has: it is not known here. */
  setSwitch(label: string, isEnabled: boolean, member: string): Promise<void> {
    return this.#database.transaction().execute(async (transaction) => {
      const set = { is_enabled: isEnabled, changed_by: member, changed_at: sql<Date>`now()` };
      await transaction
        .insertInto('mcp_server_switches')
        .values({ hotel_id: this.#hotelId, label, ...set })
        .onConflict((conflict) => conflict.columns(['hotel_id', 'label']).doUpdateSet(set))
        .execute();
      const what = isEnabled ? 'tool server switched on' : 'tool server switched off';
      await this.#note(transaction, label, member, what, { source: 'file' });
    });
  }

  // ——— approved tools ———

  /** @returns what staff approved of the server, by name. */
  async approved(label: string): Promise<ApprovedTool[]> {
    const rows = await this.#database
      .selectFrom('mcp_tools')
      .select(['tool', 'hash', 'listed'])
      .where('hotel_id', '=', this.#hotelId)
      .where('label', '=', label)
      .orderBy('tool')
      .execute();
    return rows.map(({ tool, hash, listed }) => ({ tool, hash, listed: listed as ListedTool }));
  }

  /** All or none; what was approved of these tools before is replaced. */
  approve(label: string, tools: readonly ApprovedTool[], member: string): Promise<void> {
    if (tools.length === 0) return Promise.resolve();
    return this.#database.transaction().execute(async (transaction) => {
      for (const { tool, hash, listed } of tools) {
        const set = { hash, listed: JSON.stringify(plain(listed)), approved_by: member, approved_at: sql<Date>`now()` };
        await transaction
          .insertInto('mcp_tools')
          .values({ hotel_id: this.#hotelId, label, tool, ...set })
          .onConflict((conflict) => conflict.columns(['hotel_id', 'label', 'tool']).doUpdateSet(set))
          .execute();
      }
      const hashes = Object.fromEntries(tools.map(({ tool, hash }) => [tool, hash]));
      await this.#note(transaction, label, member, 'tools approved', { hashes });
    });
  }

  /** Tools that are not approved are left out. */
  withdraw(label: string, tools: readonly string[], member: string): Promise<void> {
    if (tools.length === 0) return Promise.resolve();
    return this.#database.transaction().execute(async (transaction) => {
      const gone = await transaction
        .deleteFrom('mcp_tools')
        .where('hotel_id', '=', this.#hotelId)
        .where('label', '=', label)
        .where('tool', 'in', tools)
        .returning('tool')
        .execute();
      if (gone.length === 0) return;
      const names = gone.map(({ tool }) => tool);
      await this.#note(transaction, label, member, 'approval of tools withdrawn', { tools: names });
    });
  }

  #change(
    { label, version, member, what }: { label: string; version: number | undefined; member: string; what: string },
    change: Change,
  ): Promise<ToolServerWritten> {
    return this.#database.transaction().execute(async (transaction) => {
      const row = await this.#locked(transaction, label);
      if (!row) return { kind: 'unknown' };
      const before = serverOf(this.#box, row);
      if (version !== undefined && row.version !== version) return { kind: 'conflict', server: before };
      const definition = change(before);
      if ('mistakes' in definition) return { kind: 'mistaken', mistakes: definition.mistakes };
      const changed = await transaction
        .updateTable('mcp_servers')
        .set({
          ...definitionColumns(this.#box, this.#hotelId, label, definition),
          version: row.version + 1,
          updated_at: sql<Date>`now()`,
        })
        .where('hotel_id', '=', this.#hotelId)
        .where('label', '=', label)
        .returningAll()
        .executeTakeFirstOrThrow();
      const fields = changedFields(before.definition, definition);
      await this.#note(transaction, label, member, what, { version: changed.version, fields });
      return { kind: 'done', server: serverOf(this.#box, changed) };
    });
  }

  async #note(
    transaction: Database,
    label: string,
    member: string,
    what: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    await noteAudit(transaction, { who: member, what, subject: label, details });
    await sql`select pg_notify(${TOOL_SERVERS_CHANNEL}, ${label})`.execute(transaction);
  }

  #rows(database: Database) {
    return database.selectFrom('mcp_servers').selectAll().where('hotel_id', '=', this.#hotelId);
  }

  #locked(transaction: Database, label: string): Promise<Row | undefined> {
    return this.#rows(transaction).where('label', '=', label).forUpdate().executeTakeFirst();
  }
}

const programMistakes = (definition: ServerDefinition): string[] => (isProgram(definition) ? [NO_PROGRAMS] : []);

const lostSecret = (name: string): string => `${name}: expected the secret again, since it cannot be read any more`;

/** The audit log: who did what, written in the transaction of the change itself (T9). */
import type { Database } from './database.ts';

export interface AuditEntry {
  /** A member's name. */
  who: string;
  what: string;
  /** Id or label of what was changed. */
  subject: string;
  /** Without secrets. */
  details: Record<string, unknown>;
}

/** @param database the transaction of the change. */
export async function noteAudit(database: Database, { details, ...entry }: AuditEntry): Promise<void> {
  await database
    .insertInto('audit_log')
    .values({ ...entry, details: JSON.stringify(details) })
    .execute();
}

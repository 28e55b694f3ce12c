/** A tool server and its row: secrets sealed apart from the definition, and joined with it again on reading (T12). */
import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { plain } from '../call/plain-text.ts';
import { serverDefinitionSchema, type ServerDefinition, type ToolServer } from '../hotel/tool-servers/definition.ts';
import { secretsOf, withoutSecrets, withSecrets } from '../hotel/tool-servers/shown-definition.ts';
import type { Schema } from './schema.ts';
import { SealedSecretError, type SecretBox } from './secret-box.ts';

/** A server that staff defined. */
export interface StaffToolServer extends ToolServer {
  /** Why it cannot be used until somebody defines it again, in words for staff. Such a server is not enabled. */
  problem: string | undefined;
}

type Row = Selectable<Schema['mcp_servers']>;

/** Programs of this machine are started only as its own file says (T11). */
export const NO_PROGRAMS = 'transport: servers that are a program of this machine are set up in bellhop.yaml alone';

/** @returns whether the definition names a program. */
export const isProgram = ({ transport, command }: ServerDefinition): boolean =>
  transport === 'stdio' || command !== undefined;

/** @returns what of the row holds the definition. */
export function definitionColumns(
  box: SecretBox,
  hotelId: string,
  label: string,
  definition: ServerDefinition,
): { definition: string; secrets: Buffer | null; secrets_key_id: string | null } {
  const secrets = secretsOf(definition);
  const sealed = secrets.size > 0 ? box.seal(Object.fromEntries(secrets), contextOf(hotelId, label)) : undefined;
  return {
    definition: JSON.stringify(plain(withoutSecrets(definition))),
    secrets: sealed?.bytes ?? null,
    secrets_key_id: sealed?.keyId ?? null,
  };
}

/** Never throws for what stands in the row: such a server has a problem. */
export function serverOf(box: SecretBox, row: Row): StaffToolServer {
  const { label, version } = row;
  const stored = row.definition as ServerDefinition;
  const broken = (definition: ServerDefinition, problem: string): StaffToolServer => ({
    label,
    source: 'staff',
    version,
    definition: { ...definition, enabled: false },
    problem,
  });
  if (isProgram(stored)) return broken(stored, NO_PROGRAMS);
  const opened = openedSecrets(box, row);
  if (opened instanceof SealedSecretError) return broken(stored, opened.message);
  // A later version may have more fields, with defaults, or other bounds.
  const checked = serverDefinitionSchema.safeParse(withSecrets(stored, opened));
  if (!checked.success)
    return broken(stored, `the definition is not valid any more: ${z.prettifyError(checked.error)}`);
  return { label, source: 'staff', version, definition: checked.data, problem: undefined };
}

/** @returns names of the fields that are not the same; of secrets too, not their values. */
export function changedFields(before: ServerDefinition, after: ServerDefinition): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ServerDefinition>;
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).toSorted();
}

function openedSecrets(
  box: SecretBox,
  { hotel_id: hotelId, label, secrets, secrets_key_id: keyId }: Row,
): Map<string, string> | SealedSecretError {
  if (!secrets) return new Map();
  try {
    const opened = box.open(secrets, keyId ?? '', contextOf(hotelId, label));
    return new Map(Object.entries(opened as Record<string, string>));
  } catch (error) {
    if (error instanceof SealedSecretError) return error;
    throw error;
  }
}

/** No two rows have the same, whatever their labels are. */
const contextOf = (hotelId: string, label: string): string => `${hotelId}/${label}`;

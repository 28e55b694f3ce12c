/** The tool servers of this installation: those of its file, and what the database of a Bellhop knows. */
import { userInfo } from 'node:os';
import type { Config } from '../../src/config.ts';
import type { ToolServer } from '../../src/hotel/tool-servers/definition.ts';
import { localKey, readRuntime } from '../../src/local-secrets.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { hotelIdOf } from '../../src/storage/hotel-book.ts';
import { SecretBox } from '../../src/storage/secret-box.ts';
import { ToolServerBook } from '../../src/storage/tool-server-book.ts';

const WAIT_MS = 5_000;

/**
 * Hands over the records of the Bellhop that runs here, or of the database that is set; undefined when there is neither.
 * @throws DatabaseError when it cannot be reached.
 */
export async function withRecords<T>(
  config: Config,
  use: (book: ToolServerBook | undefined) => Promise<T>,
): Promise<T> {
  const url = readRuntime(config.dataDir)?.databaseUrl ?? config.databaseUrl;
  if (url === undefined) return use(undefined);
  const database = await openDatabase(url, WAIT_MS);
  try {
    const box = new SecretBox(config.secretsKey ?? localKey(config.dataDir), config.secretsOldKeys);
    return await use(new ToolServerBook(database, hotelIdOf(config.hotel), box));
  } finally {
    await database.destroy();
  }
}

/** @returns those of the file as staff switched them, then those that staff added. */
export async function knownServers(config: Config, book: ToolServerBook | undefined): Promise<ToolServer[]> {
  const switches = (await book?.switches()) ?? new Map<string, boolean>();
  const ofFile = config.toolServers.map((server) => ({
    ...server,
    definition: { ...server.definition, enabled: switches.get(server.label) ?? server.definition.enabled },
  }));
  const ofStaff = (await book?.list()) ?? [];
  return [...ofFile, ...ofStaff.filter(({ label }) => !ofFile.some((server) => server.label === label))];
}

/** Who stands in the audit log for what is done here. */
export const commandLineMember = (): string => `${userInfo().username} (command line)`;

/** The hotel's own assistants, any MCP client that holds a token of staff: what they reach of us, each use in the audit log. */
import type { Logger } from 'pino';
import type { Clock } from './call/ports.ts';
import { AssistantTools } from './hotel/assistant-tools.ts';
import type { HotelProfile } from './hotel/hotel.ts';
import type { AssistantAccess } from './mcp/admission.ts';
import type { Records } from './records.ts';
import type { AccessTokens } from './storage/access-tokens.ts';
import { PostgresAssistantBook } from './storage/assistant-requests.ts';
import { noteAudit } from './storage/audit-rows.ts';

export interface AssistantOptions {
  hotel: HotelProfile;
  records: Records;
  tokens: AccessTokens;
  clock: Clock;
  publicUrl(): string;
  log: Logger;
}

export function assistantAccess({ hotel, records, tokens, clock, publicUrl, log }: AssistantOptions): AssistantAccess {
  const { database, hotelId, guests } = records;
  const tools = new AssistantTools({
    hotel,
    book: new PostgresAssistantBook(database, hotelId),
    stays: guests.stays,
    clock,
    audit: {
      used({ id, name }, tool, outcome, durationMs) {
        const details = { tool, outcome, durationMs };
        noteAudit(database, {
          who: `assistant ${name}`,
          what: 'tool used by an assistant',
          subject: id,
          details,
        }).catch((err: unknown) =>
          log.warn({ err, assistant: id, ...details }, 'the use of a token could not be written down'),
        );
      },
    },
  });
  return {
    find: (token) => tokens.find(token),
    toolsFor: (access) => tools.forAccess(access),
    resource: () => `${publicUrl()}/mcp`,
    name: hotel.name,
    clock,
  };
}

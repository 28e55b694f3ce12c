/** `/mcp` on a real socket with assistants of the hotel who hold tokens; their requests are kept in memory. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { SCOPES, type Access } from '../../src/hotel/access-scopes.ts';
import { AssistantTools } from '../../src/hotel/assistant-tools.ts';
import { roomsOf } from '../../src/hotel/hotel.ts';
import { exampleHotel } from '../example-hotel.ts';
import { FakeClock } from '../fake-clock.ts';
import { MemoryAssistantBook } from '../hotel/assistant-books.ts';
import { MemoryStays } from '../hotel/books.ts';
import { mcpStage } from './mcp-stage.ts';

export const RESOURCE = 'https://bellhop.example/mcp';
export const METADATA = 'https://bellhop.example/.well-known/oauth-protected-resource/mcp';

export async function assistantStage(prepare?: (app: FastifyInstance) => void) {
  const hotel = exampleHotel();
  const accessClock = new FakeClock();
  const book = new MemoryAssistantBook(() => accessClock.wallTime());
  const audited: string[] = [];
  const known = new Map<string, Access>();
  const lookups = { count: 0, isAway: false };
  const tools = new AssistantTools({
    hotel,
    book,
    stays: new MemoryStays(roomsOf(hotel)),
    clock: accessClock,
    audit: { used: ({ name }, tool, outcome) => void audited.push(`${name} ${tool} ${outcome}`) },
  });
  const stage = await mcpStage(prepare, {
    find: (token) => {
      lookups.count++;
      return lookups.isAway
        ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'))
        : Promise.resolve(known.get(token));
    },
    toolsFor: (access) => tools.forAccess(access),
    resource: () => RESOURCE,
    name: hotel.name,
    clock: accessClock,
  });

  return {
    ...stage,
    book,
    audited,
    accessClock,
    lookups,
    /** @returns a new token, good for an hour. */
    issue(scopes: readonly string[] = SCOPES, name = 'Night assistant'): string {
      const token = `bh_${randomBytes(32).toString('base64url')}`;
      const expiresAt = new Date(accessClock.wallTime().getTime() + 3_600_000);
      known.set(token, { id: token.slice(0, 12), name, scopes, expiresAt });
      return token;
    },
    revoke: (token: string): void => void known.delete(token),
  };
}

export type AssistantStage = Awaited<ReturnType<typeof assistantStage>>;

/** For whoever watches over us: alive, ready, figures. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Metrics } from './metrics.ts';
import type { Database } from './storage/database.ts';

export interface HealthOptions {
  metrics: Metrics;
  database: Database;
  isDraining(): boolean;
  /** When set, figures are for holders of this token only. */
  metricsToken: string | undefined;
}

export function registerHealth(
  app: FastifyInstance,
  { metrics, database, isDraining, metricsToken }: HealthOptions,
): void {
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    try {
      await sql`select 1`.execute(database);
    } catch {
      return reply.code(503).send({ status: 'the database cannot be reached' });
    }
    return { status: 'ready' };
  });
  app.get('/metrics', async (request, reply) => {
    if (metricsToken !== undefined && !isBearer(request.headers.authorization, metricsToken))
      return reply.code(401).send({ error: 'The token for figures is needed.' });
    const { contentType, text } = await metrics.render();
    return reply.type(contentType).send(text);
  });
}

function isBearer(header: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A connection whose answer does not come is let go of: in its pool, all that came after would wait behind that answer. */
import type pg from 'pg';

/** How the driver tells that `query_timeout` has passed. */
const LATE = 'Query read timeout';

/** @param pool all its connections, from the next one on; with a `query_timeout`. */
export function letGoOfLateConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const watched = (...args: unknown[]): unknown => {
      const answer = query(...args);
      if (answer instanceof Promise)
        answer.catch((error: unknown) => {
          // The pool hands out no connection that is ending.
          if (error instanceof Error && error.message === LATE)
            void (client as unknown as pg.Client).end().catch(() => {});
        });
      return answer;
    };
    Object.assign(client, { query: watched });
  });
}

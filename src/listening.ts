/** Opens the server's port, and says in one sentence what to do when that cannot be. */
import type { FastifyInstance } from 'fastify';

/** The port could not be opened. */
export class ListenError extends Error {
  override name = 'ListenError';
}

const MENDS: Record<string, string> = {
  EADDRINUSE: 'something listens there already: stop it, or set another PORT',
  EADDRNOTAVAIL: 'this machine has no such address: set another HOST',
  ENOTFOUND: 'there is no host of that name: set another HOST',
  EACCES: 'ports below 1024 are for administrators: set another PORT',
};

/** @throws ListenError */
export async function listenOn(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ListenError(`cannot listen on ${host}:${port}: ${MENDS[code] ?? message}`, { cause: error });
  }
}

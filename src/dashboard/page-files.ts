/** The staff page's files, read once at the start: its TypeScript modules with their types stripped, so nothing is built. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface PageFile {
  type: string;
  body: string;
  etag: string;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  // Browsers go by the type, not by the name: the modules keep the names they import each other by.
  '.ts': 'text/javascript; charset=utf-8',
};

/** Serves the page at the scope's root and its files under `page/`. */
export function registerPage(scope: FastifyInstance): void {
  const files = readPageFiles();
  const index = files.get('index.html');
  if (!index) throw new Error('the staff page has no index.html');
  scope.get('/', (request, reply) => send(request, reply, index));
  scope.get<{ Params: { name: string } }>('/page/:name', (request, reply) => {
    const file = files.get(request.params.name);
    return file ? send(request, reply, file) : reply.code(404).send({ error: 'There is no such file.' });
  });
}

function readPageFiles(): Map<string, PageFile> {
  const folder = new URL('page/', import.meta.url);
  const names = readdirSync(folder).filter((name) => extname(name) in TYPES);
  return new Map(names.map((name) => [name, pageFile(name, readFileSync(new URL(name, folder), 'utf8'))]));
}

function pageFile(name: string, text: string): PageFile {
  const body = name.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type: TYPES[extname(name)] ?? 'text/plain', body, etag };
}

/** Always asked for again, seldom sent again: a new version is seen at the next load. */
function send(request: FastifyRequest, reply: FastifyReply, { type, body, etag }: PageFile): FastifyReply {
  reply.header('cache-control', 'no-cache').header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(type).send(body);
}

/**
 * Who is at the staff page: the cookie, the guards of reads and writes, and signing in and out. Passwords and tokens are
 * checked by the records; nothing is kept here.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { anyProblem, nothing, problemSchema, signedInSchema } from './api-schemas.ts';
import { about } from './open-api.ts';
import { ROLES, type Role, type StaffDesk, type StaffMember } from './ports.ts';

export interface SignInOptions {
  desk: StaffDesk;
  publicUrl(): string;
  /** Hosts, with port where it is not the scheme's own, under which we may be addressed. */
  allowedHosts(): readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    staff?: SignedIn;
  }
}

export interface SignedIn {
  member: StaffMember;
  token: string;
}

const COOKIE = 'bellhop_staff';
/** A browser takes this name only with Secure, without Domain and with Path=/ (RFC 6265bis, 4.1.3.2). */
const SECURE_COOKIE = `__Host-${COOKIE}`;
/** Each try costs 19 MiB and some 30 ms of a core: enough for a shift that signs in behind one address. */
const TRIES_PER_MINUTE_AND_ADDRESS = 30;

/** No login holds control characters, and the records take no zero. */
const loginSchema = z
  .string()
  .max(100)
  .regex(/^[^\p{Cc}]+$/u);
const credentialsSchema = z.object({ login: loginSchema, password: z.string().min(1).max(200) });
const signInAnswers = { ...anyProblem, 200: signedInSchema, 429: problemSchema.describe('Too many tries.') };

/** Adds `POST sign-in` and `POST sign-out` to a scope that has cookies. */
export async function registerSignIn(scope: FastifyInstance, options: SignInOptions): Promise<void> {
  const { desk } = options;
  await scope.register(rateLimit, { global: false });
  const limit = { rateLimit: { max: TRIES_PER_MINUTE_AND_ADDRESS, timeWindow: '1 minute', keyGenerator: addressOf } };
  const signIn = {
    schema: { tags: ['desk'], summary: 'Signs in', security: [], body: credentialsSchema, response: signInAnswers },
    // What is wrong with a body is told by the handler, in the words of the form.
    attachValidation: true,
  };
  scope.post('/sign-in', { ...signIn, config: limit, onRequest: ownPageOnly(options) }, async (request, reply) => {
    const credentials = credentialsSchema.safeParse(request.body);
    if (!credentials.success) return reply.code(400).send({ error: 'Name and password are needed.' });
    const { login, password } = credentials.data;
    const outcome = await desk.signIn(login.trim(), password, addressOf(request));
    if (outcome === 'wrong') return reply.code(401).send({ error: 'Name or password is wrong.' });
    if (outcome === 'locked')
      return reply.code(429).send({ error: 'Too many wrong tries. Wait 15 minutes, then try again.' });
    // A sign-in never goes on under a token that was there before it.
    const before = tokenOf(request, options);
    if (before) await desk.signOut(before);
    setCookie(request, reply, options, outcome.token);
    return { member: outcome.member };
  });
  scope.post(
    '/sign-out',
    {
      onRequest: [ownPageOnly(options), signedIn(options), withCsrf],
      schema: { ...about('desk', 'viewer', 'Signs out'), response: { ...anyProblem, 204: nothing } },
    },
    async (request, reply) => {
      await desk.signOut(staffOf(request).token);
      for (const name of [COOKIE, SECURE_COOKIE])
        reply.clearCookie(name, { path: '/', secure: name === SECURE_COOKIE });
      return reply.code(204).send();
    },
  );
}

/** @returns guards of a write: our own page, signed in, CSRF token, and at least this role. */
export const writeGuards = (options: SignInOptions, least: Role) => [
  ownPageOnly(options),
  signedIn(options),
  withCsrf,
  atLeast(least),
];

/** @returns a guard: 401 without a sign-in that still counts. */
export function signedIn(options: SignInOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const token = tokenOf(request, options);
    const member = token === undefined ? undefined : await options.desk.memberOf(token);
    if (token === undefined || !member) {
      await reply.code(401).send({ error: 'Please sign in.' });
      return;
    }
    request.staff = { member, token };
  };
}

/** @returns who sent a request that `signedIn` let through. */
export function staffOf(request: FastifyRequest): SignedIn {
  if (!request.staff) throw new Error('a route asks who is signed in without the guard that finds out');
  return request.staff;
}

/** The CSRF token of a sign-in: follows from its secret, so nothing needs to be stored. */
export const csrfTokenOf = (token: string): string => createHmac('sha256', token).update('csrf').digest('base64url');

export const isAtLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** A browser names the page that a write comes from; only ours may write. */
function ownPageOnly({ publicUrl, allowedHosts }: SignInOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const origin = URL.parse(request.headers.origin ?? '');
    const isOwn =
      origin !== null &&
      (origin.host === request.headers.host ||
        origin.origin === new URL(publicUrl()).origin ||
        allowedHosts().includes(origin.host));
    if (!isOwn) await reply.code(403).send({ error: 'This page may not do that.' });
  };
}

async function withCsrf(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const wanted = Buffer.from(csrfTokenOf(staffOf(request).token));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    await reply.code(403).send({ error: 'The page is out of date. Please load it again.' });
}

function atLeast(least: Role) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isAtLeast(staffOf(request).member.role, least))
      await reply
        .code(403)
        .send({ error: least === 'agent' ? 'Your account may only look.' : `That takes the role ${least}.` });
  };
}

function tokenOf(request: FastifyRequest, options: SignInOptions): string | undefined {
  return request.cookies[isHttps(request, options) ? SECURE_COOKIE : COOKIE];
}

function setCookie(request: FastifyRequest, reply: FastifyReply, options: SignInOptions, token: string): void {
  const secure = isHttps(request, options);
  const name = secure ? SECURE_COOKIE : COOKIE;
  reply.setCookie(name, token, { path: '/', httpOnly: true, sameSite: 'lax', secure });
}

/**
 * Where a browser is. Through a tunnel or a proxy of this machine it is what that one saw and appended: the last address of
 * X-Forwarded-For. Of anybody else the header is not believed.
 */
function addressOf({ ip, headers }: FastifyRequest): string {
  const isFromHere = /^(127\.|::1$|::ffff:127\.)/.test(ip);
  const seen = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return isFromHere && seen !== undefined && isIP(seen) !== 0 ? seen : ip;
}

/** Whether the browser sees us behind https. The same machine may still look at us over http on its own. */
function isHttps(request: FastifyRequest, { publicUrl }: SignInOptions): boolean {
  const outside = new URL(publicUrl());
  if (outside.protocol !== 'https:') return false;
  return request.headers.host === outside.host || request.headers['x-forwarded-proto'] === 'https';
}

/** The staff page and its API under `/staff`: its files, signing in, requests, calls, and the live feed. */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HotelProfile } from '../hotel/hotel.ts';
import { movesFrom, requestStatusSchema } from '../hotel/service-request.ts';
import * as shapes from './api-schemas.ts';
import { registerAccessTokens, registerApprovals } from './approval-routes.ts';
import type { LiveCallView } from './live-call-view.ts';
import type { LiveFeed } from './live-feed.ts';
import { about, describeApi, mistakesOf } from './open-api.ts';
import { registerPage } from './page-files.ts';
import type { StaffDesk } from './ports.ts';
import { csrfTokenOf, isAtLeast, registerSignIn, signedIn, staffOf, writeGuards } from './sign-in.ts';
import { headOf, shownApproval, type ToolServerNews } from './tool-server-news.ts';
import type { ToolServersDesk } from './tool-server-ports.ts';
import { registerToolServers } from './tool-server-routes.ts';
import type { Me, Snapshot } from './wire.ts';

export interface DashboardOptions {
  desk: StaffDesk;
  feed: LiveFeed;
  live: LiveCallView;
  /** Left out: the page and its API know of no tool servers, approvals or access tokens. */
  tools?: { desk: ToolServersDesk; news: ToolServerNews };
  hotel: HotelProfile;
  publicUrl(): string;
  /** Hosts, with port where it is not the scheme's own, under which we may be addressed. */
  allowedHosts(): readonly string[];
  /** A fault of ours or of the records, of which staff are told no more than that. */
  failed(error: unknown): void;
}

/** What the page shows at once; more is another page's work. */
const MAX_REQUESTS = 300;
const RECENT_CALLS = 30;
const MAX_BODY_BYTES = 16 * 1024;
/** How long a stream may outlive its sign-in. */
const RECHECK_MS = 30_000;

const afterSchema = z.coerce.number().int().positive().optional().catch(undefined);

/** Adds `/staff` and all below it. Its cookies, headers and errors stay within. */
export async function registerDashboard(app: FastifyInstance, options: DashboardOptions): Promise<void> {
  app.get('/', (_request, reply) => reply.redirect('/staff/'));
  await app.register(
    async (scope) => {
      await scope.register(cookie);
      await scope.register(helmet, securityHeaders(options.publicUrl().startsWith('https:')));
      scope.decorateRequest('staff', undefined);
      scope.setErrorHandler(answerError(options));
      registerPage(scope);
      await scope.register(async (api) => registerApi(api, options), { prefix: '/api' });
    },
    { prefix: '/staff' },
  );
}

async function registerApi(api: FastifyInstance, options: DashboardOptions): Promise<void> {
  api.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  await describeApi(api);
  await registerSignIn(api, options);
  const { tools } = options;
  const read = { onRequest: signedIn(options) };
  const document = {
    ...about('desk', 'viewer', 'This document'),
    response: { 200: z.record(z.string(), z.unknown()) },
  };
  api.get('/openapi.json', { ...read, schema: document }, () => api.swagger());
  registerDesk(api, options);
  if (!tools) return;
  registerToolServers(api, { ...options, tools });
  registerApprovals(api, { ...options, tools });
  registerAccessTokens(api, { ...options, tools });
}

/** What is wrong with an id or a body is told by the handlers, as before there were schemas. */
function registerDesk(api: FastifyInstance, options: DashboardOptions): void {
  const read = { onRequest: signedIn(options), attachValidation: true };
  const write = { onRequest: writeGuards(options, 'agent'), bodyLimit: MAX_BODY_BYTES, attachValidation: true };
  const described = (summary: string, ok: z.ZodType) => ({
    ...about('desk', 'viewer', summary),
    response: { ...shapes.readProblem, 200: ok },
  });
  const ofId = { params: shapes.idParams };
  api.get('/me', { ...read, schema: described('Who is signed in', shapes.meSchema) }, (request) =>
    meOf(request, options),
  );
  api.get('/feed', { ...read, schema: feedSchema }, (request, reply) => openFeed(request, reply, options));
  api.get(
    '/requests/:id',
    { ...read, schema: { ...described('One request with its history', shapes.requestPageSchema), ...ofId } },
    (request, reply) => sendFound(request, reply, (id) => options.desk.request(id)),
  );
  api.get(
    '/calls/:id',
    { ...read, schema: { ...described('The record of one call', shapes.callPageSchema), ...ofId } },
    (request, reply) => sendFound(request, reply, (id) => options.desk.call(id)),
  );
  api.post('/requests/:id/status', { ...write, schema: statusSchema }, (request, reply) =>
    changeStatus(request, reply, options.desk),
  );
}

const feedSchema = {
  ...about('desk', 'viewer', 'What happens, as it happens: server-sent events, resumable by Last-Event-ID'),
  response: {
    ...shapes.readProblem,
    200: { description: 'A stream that does not end.', content: { 'text/event-stream': { schema: z.string() } } },
  },
};

const statusSchema = {
  ...about('desk', 'agent', 'Moves a request to another state'),
  params: shapes.idParams,
  body: shapes.statusChangeSchema,
  response: {
    ...shapes.anyProblem,
    200: shapes.changedRequestSchema,
    409: shapes.requestConflictSchema.describe('Somebody else was faster.'),
    422: shapes.illegalMoveSchema.describe('It cannot be moved there from its state.'),
  },
};

function meOf(request: FastifyRequest, { hotel, tools }: DashboardOptions): Me {
  const { member, token } = staffOf(request);
  const departments = Object.entries(hotel.departments).map(([id, { name }]) => [id, name]);
  const moves = requestStatusSchema.options.map((status) => [status, movesFrom(status)]);
  return {
    member,
    csrfToken: csrfTokenOf(token),
    hotel: { name: hotel.name, timeZone: hotel.time_zone, departments: Object.fromEntries(departments) },
    moves: Object.fromEntries(moves),
    mayChange: isAtLeast(member.role, 'agent'),
    hasToolServers: tools !== undefined,
    maySwitchServers: isAtLeast(member.role, 'manager'),
    mayManageServers: isAtLeast(member.role, 'admin'),
  };
}

async function openFeed(request: FastifyRequest, reply: FastifyReply, options: DashboardOptions) {
  const { desk, feed } = options;
  // A browser that reconnects by itself says the header; one that was started anew says the query.
  const { after } = request.query as { after?: string };
  const lastSeenId = afterSchema.parse(request.headers['last-event-id'] ?? after);
  const { token } = staffOf(request);
  const isAdded = await feed.add(reply.raw, lastSeenId, () => snapshotOf(options));
  if (!isAdded) return reply.code(503).send({ error: 'Too many pages are open at once. Please try again later.' });
  reply.hijack();
  if (reply.raw.destroyed) return reply;
  const recheck = setInterval(() => void endIfSignedOut(), RECHECK_MS);
  recheck.unref();
  reply.raw.on('close', () => clearInterval(recheck));
  return reply;

  async function endIfSignedOut(): Promise<void> {
    // While the records are away nobody is sent off for it.
    const isStaff = await desk.memberOf(token).then(Boolean, () => true);
    if (!isStaff) reply.raw.end();
  }
}

async function snapshotOf({ desk, live, tools }: DashboardOptions): Promise<Snapshot> {
  const [requests, calls, servers, approvals] = await Promise.all([
    desk.requests(MAX_REQUESTS),
    desk.calls(RECENT_CALLS),
    tools?.desk.servers() ?? [],
    tools?.desk.approvals() ?? [],
  ]);
  const liveCalls = live.snapshot();
  const liveIds = new Set(liveCalls.map(({ callId }) => callId));
  const recentCalls = calls.filter(({ callId }) => !liveIds.has(callId));
  return {
    requests,
    liveCalls,
    recentCalls,
    toolServers: servers.map(headOf),
    approvals: approvals.map(shownApproval),
  };
}

async function sendFound(
  request: FastifyRequest,
  reply: FastifyReply,
  find: (id: string) => Promise<object | undefined>,
): Promise<FastifyReply> {
  const params = shapes.idParams.safeParse(request.params);
  const found = params.success ? await find(params.data.id) : undefined;
  return found ? reply.send(found) : reply.code(404).send({ error: 'There is no such thing.' });
}

async function changeStatus(request: FastifyRequest, reply: FastifyReply, desk: StaffDesk): Promise<FastifyReply> {
  const params = shapes.idParams.safeParse(request.params);
  const change = shapes.statusChangeSchema.safeParse(request.body);
  if (!change.success) return reply.code(400).send({ error: 'A version and a status are needed.' });
  const { version, status } = change.data;
  const { member } = staffOf(request);
  const result = params.success
    ? await desk.changeStatus(params.data.id, version, status, member)
    : { kind: 'unknown' as const };
  if (result.kind === 'changed') return reply.send({ request: result.request });
  if (result.kind === 'conflict') {
    const { request: now, changedBy } = result;
    return reply.code(409).send({ error: `${changedBy} changed it first.`, request: now, changedBy });
  }
  if (result.kind === 'illegal')
    return reply.code(422).send({ error: `It cannot be set to ${status} from here.`, request: result.request });
  return reply.code(404).send({ error: 'There is no such request.' });
}

/** Nothing but our own files runs or is asked; no other page may frame us. */
function securityHeaders(isHttps: boolean) {
  const own = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: own,
        connectSrc: own,
        formAction: own,
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' as const },
    strictTransportSecurity: isHttps,
  };
}

function answerError({ failed }: DashboardOptions) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { statusCode = 500 } = error;
    if (statusCode === 429) return reply.code(429).send({ error: 'Too many tries. Please wait a minute.' });
    if (statusCode === 413) return reply.code(413).send({ error: 'That is too large.' });
    const mistakes = mistakesOf(error);
    if (mistakes) return reply.code(400).send({ error: `That was not understood: ${mistakes.join('; ')}.`, mistakes });
    if (statusCode < 500) return reply.code(statusCode).send({ error: 'That was not understood.' });
    failed(error);
    return reply.code(503).send({ error: 'The records cannot be reached right now. Please try again.' });
  };
}

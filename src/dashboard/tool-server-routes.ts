/** The management API of tool servers: definitions, switches, trust, tests, figures. Reading takes viewer. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { shown } from '../hotel/tool-servers/shown-definition.ts';
import { anyProblem, nothing, readProblem } from './api-schemas.ts';
import { about } from './open-api.ts';
import { scrubbed } from './scrubbed.ts';
import { signedIn, staffOf, writeGuards, type SignInOptions } from './sign-in.ts';
import * as shapes from './tool-server-schemas.ts';
import type { ToolServerNews } from './tool-server-news.ts';
import type { ServerChange, ServerView, ToolServersDesk } from './tool-server-ports.ts';

export interface ToolServerOptions extends SignInOptions {
  tools: { desk: ToolServersDesk; news: ToolServerNews };
}

type Api = ReturnType<typeof typed>;

export const MAX_TOOL_BODY_BYTES = 64 * 1024;
const TAG = 'tool servers';
const UNKNOWN = { error: 'There is no tool server of this name.' };
const changeAnswers = {
  ...anyProblem,
  200: shapes.serverAnswer,
  409: shapes.serverConflict.describe('Somebody else was faster.'),
  422: anyProblem[400].describe('The definition has mistakes.'),
};

const typed = (scope: FastifyInstance) => scope.withTypeProvider<ZodTypeProvider>();

/** Adds `/mcp` to the staff API. */
export function registerToolServers(scope: FastifyInstance, options: ToolServerOptions): void {
  const api = typed(scope);
  readingRoutes(api, options);
  addAndTestRoutes(api, options);
  changingRoutes(api, options);
  switchRoutes(api, options);
  trustRoutes(api, options);
}

function readingRoutes(api: Api, options: ToolServerOptions): void {
  const { desk } = options.tools;
  const onRequest = signedIn(options);
  const answers = (ok: z.ZodType) => ({ ...readProblem, 200: ok });
  api.get(
    '/mcp/servers',
    { onRequest, schema: { ...about(TAG, 'viewer', 'All tool servers'), response: answers(shapes.serversAnswer) } },
    async (_request, reply) => reply.send({ servers: (await desk.servers()).map(shownServer) }),
  );
  const one = { ...about(TAG, 'viewer', 'One tool server'), params: shapes.labelParams };
  api.get(
    '/mcp/servers/:label',
    { onRequest, schema: { ...one, response: answers(shapes.serverAnswer) } },
    async (request, reply) => {
      const server = await desk.server(request.params.label);
      return server ? reply.send({ server: shownServer(server) }) : reply.code(404).send(UNKNOWN);
    },
  );
  const listed = { ...about(TAG, 'viewer', 'What a server last listed'), params: shapes.labelParams };
  api.get(
    '/mcp/servers/:label/capabilities',
    { onRequest, schema: { ...listed, response: answers(shapes.capabilitiesAnswer) } },
    async (request, reply) => {
      const server = await desk.server(request.params.label);
      return server ? reply.send({ capabilities: server.capabilities ?? null }) : reply.code(404).send(UNKNOWN);
    },
  );
  const figures = about(TAG, 'viewer', 'Calls, failures and times by tool, of the last 24 hours');
  api.get(
    '/mcp/figures',
    { onRequest, schema: { ...figures, response: answers(shapes.figuresAnswer) } },
    async (_request, reply) => reply.send({ figures: await desk.figures() }),
  );
}

function addAndTestRoutes(api: Api, options: ToolServerOptions): void {
  const { desk } = options.tools;
  const admin = { onRequest: writeGuards(options, 'admin'), bodyLimit: MAX_TOOL_BODY_BYTES };
  const add = { ...about(TAG, 'admin', 'Adds a server'), body: shapes.addBody };
  api.post(
    '/mcp/servers',
    { ...admin, schema: { ...add, response: { ...changeAnswers, 201: shapes.serverAnswer } } },
    async (request, reply) => {
      const { label, definition } = request.body;
      if (isProgram(definition)) return sendProgramRefusal(reply);
      const change = await desk.add(label, definition, staffOf(request).member);
      return sendChange(reply, change, options, { sent: definition, done: 201 });
    },
  );
  const test = { ...about(TAG, 'admin', 'Connects to a server without saving anything'), body: shapes.testBody };
  api.post(
    '/mcp/servers/test',
    { ...admin, schema: { ...test, response: { ...anyProblem, 200: shapes.testAnswer, 422: anyProblem[400] } } },
    async (request, reply) => {
      const { label, definition } = request.body;
      if (isProgram(definition)) return sendProgramRefusal(reply);
      const result = await desk.test(label, definition);
      const clean = (texts: string[]): string[] => texts.map((text) => scrubbed(text, definition));
      if ('mistakes' in result) return sendMistakes(reply, clean(result.mistakes));
      return reply.send({ ...result, problems: clean(result.problems) });
    },
  );
}

function changingRoutes(api: Api, options: ToolServerOptions): void {
  const { desk } = options.tools;
  const admin = { onRequest: writeGuards(options, 'admin'), bodyLimit: MAX_TOOL_BODY_BYTES };
  const change = { ...about(TAG, 'admin', 'Changes a server'), params: shapes.labelParams, body: shapes.changeBody };
  api.put(
    '/mcp/servers/:label',
    { ...admin, schema: { ...change, response: changeAnswers } },
    async (request, reply) => {
      const { version, definition } = request.body;
      if (isProgram(definition)) return sendProgramRefusal(reply);
      const { member } = staffOf(request);
      const changed = await desk.change(request.params.label, version, definition, member);
      return sendChange(reply, changed, options, { sent: definition });
    },
  );
  const remove = { params: shapes.labelParams, querystring: shapes.removeQuery };
  api.delete(
    '/mcp/servers/:label',
    {
      ...admin,
      schema: {
        ...about(TAG, 'admin', 'Removes a server, with what was approved of it'),
        ...remove,
        response: { ...changeAnswers, 204: nothing },
      },
    },
    async (request, reply) => {
      const { member } = staffOf(request);
      const change = await desk.remove(request.params.label, request.query.version, member);
      if (change.kind !== 'removed') return sendChange(reply, change, options);
      options.tools.news.changed();
      return reply.code(204).send();
    },
  );
}

/** Managers may switch a server off when it troubles guests, and on again; what it may do is an admin's. */
function switchRoutes(api: Api, options: ToolServerOptions): void {
  const manager = { onRequest: writeGuards(options, 'manager'), bodyLimit: MAX_TOOL_BODY_BYTES };
  for (const verb of ['enable', 'disable'] as const) {
    const summary = verb === 'enable' ? 'Switches a server on' : 'Switches a server off';
    const schema = { ...about(TAG, 'manager', summary), params: shapes.labelParams, response: changeAnswers };
    api.post(`/mcp/servers/:label/${verb}`, { ...manager, schema }, async (request, reply) => {
      const { member } = staffOf(request);
      const change = await options.tools.desk.setEnabled(request.params.label, verb === 'enable', member);
      return sendChange(reply, change, options);
    });
  }
}

function trustRoutes(api: Api, options: ToolServerOptions): void {
  const { desk } = options.tools;
  const admin = { onRequest: writeGuards(options, 'admin'), bodyLimit: MAX_TOOL_BODY_BYTES };
  const params = shapes.labelParams;
  const approve = about(TAG, 'admin', 'Approves tools as they were seen, by their hashes');
  api.post(
    '/mcp/servers/:label/tools/approve',
    { ...admin, schema: { ...approve, params, body: shapes.approveBody, response: changeAnswers } },
    async (request, reply) => {
      const { member } = staffOf(request);
      const change = await desk.approveTools(request.params.label, request.body.hashes, member);
      return sendChange(reply, change, options, {
        conflict: 'The server lists it differently by now. Nothing was approved.',
      });
    },
  );
  const withdraw = about(TAG, 'admin', 'Withdraws approvals: calls are not offered these tools any more');
  api.post(
    '/mcp/servers/:label/tools/withdraw',
    { ...admin, schema: { ...withdraw, params, body: shapes.withdrawBody, response: changeAnswers } },
    async (request, reply) => {
      const { member } = staffOf(request);
      return sendChange(reply, await desk.withdrawTools(request.params.label, request.body.tools, member), options);
    },
  );
}

/** @param how what was sent, whose secrets nobody is told; the code of success; words for a conflict. */
function sendChange(
  reply: FastifyReply,
  change: ServerChange,
  { tools: { news } }: ToolServerOptions,
  how: { sent?: unknown; done?: 200 | 201; conflict?: string } = {},
): FastifyReply {
  switch (change.kind) {
    case 'done': {
      news.changed();
      const answer: z.output<typeof shapes.serverAnswer> = { server: shownServer(change.server) };
      return reply.code(how.done ?? 200).send(answer);
    }
    case 'conflict': {
      const error = how.conflict ?? 'Somebody else changed it first.';
      const answer: z.output<typeof shapes.serverConflict> = { error, server: shownServer(change.server) };
      return reply.code(409).send(answer);
    }
    case 'refused':
      return reply.code(403).send({ error: scrubbed(change.reason, how.sent) });
    case 'mistaken':
      return sendMistakes(
        reply,
        change.mistakes.map((mistake) => scrubbed(mistake, how.sent)),
      );
    default:
      return reply.code(404).send(UNKNOWN);
  }
}

const sendMistakes = (reply: FastifyReply, mistakes: string[]): FastifyReply =>
  reply.code(422).send({ error: 'The definition has mistakes.', mistakes });

/** Whoever is at the page can start no program on this machine (T11). */
const sendProgramRefusal = (reply: FastifyReply): FastifyReply =>
  reply.code(403).send({ error: 'Servers that are programs on this machine can only be set up in its file.' });

function isProgram(definition: Record<string, unknown>): boolean {
  return definition.transport === 'stdio' || shapes.PROGRAM_FIELDS.some((field) => field in definition);
}

function shownServer(server: ServerView): ServerView {
  return { ...server, definition: shown(server.definition) };
}

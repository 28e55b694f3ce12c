/** Approvals that calls wait for, and access tokens: the rest of the API that comes with tool servers. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApprovalDecision } from '../hotel/tool-servers/ports.ts';
import { anyProblem, idParams, nothing, readProblem } from './api-schemas.ts';
import { about } from './open-api.ts';
import { signedIn, staffOf, writeGuards } from './sign-in.ts';
import { shownApproval } from './tool-server-news.ts';
import { MAX_TOOL_BODY_BYTES, type ToolServerOptions } from './tool-server-routes.ts';
import * as shapes from './tool-server-schemas.ts';

const DECISIONS = { approved: 'allowed', denied: 'denied', expired: 'left', cancelled: 'left' } as const;

/** Adds `/approvals` to the staff API. */
export function registerApprovals(scope: FastifyInstance, options: ToolServerOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const { desk, news } = options.tools;
  const waiting = about('approvals', 'viewer', 'What calls ask staff right now');
  api.get(
    '/approvals',
    {
      onRequest: signedIn(options),
      schema: { ...waiting, response: { ...readProblem, 200: shapes.approvalsAnswer } },
    },
    async (_request, reply) => reply.send({ approvals: (await desk.approvals()).map(shownApproval), now: new Date() }),
  );
  api.post(
    '/approvals/:id',
    {
      onRequest: writeGuards(options, 'agent'),
      bodyLimit: MAX_TOOL_BODY_BYTES,
      schema: {
        ...about('approvals', 'agent', 'Answers one: the first answer counts'),
        params: idParams,
        body: shapes.decideBody,
        response: {
          ...anyProblem,
          200: shapes.decidedAnswer,
          409: shapes.takenAnswer.describe('Somebody answered before.'),
          410: shapes.overAnswer.describe('Its time is over, or the call is.'),
        },
      },
    },
    async (request, reply) => {
      const { member } = staffOf(request);
      const { id } = request.params;
      const result = await desk.answerApproval(id, request.body.decision, member);
      if (result.kind === 'answered') {
        const { decision } = result;
        news.ended(id, decision, member.name);
        return reply.send({ decision });
      }
      if (result.kind === 'taken') {
        const { decision, by } = result;
        return reply.code(409).send({ error: `${by} already ${DECISIONS[decision]} it.`, decision, by });
      }
      if (result.kind === 'over')
        return reply.code(410).send({ error: overWords(result.decision), decision: result.decision });
      return reply.code(404).send({ error: 'There is no such question.' });
    },
  );
}

const overWords = (decision: ApprovalDecision): string =>
  decision === 'cancelled' ? 'Too late: the call does not need it any more.' : 'Too late: its time is over.';

/** Adds `/access-tokens` to the staff API. */
export function registerAccessTokens(scope: FastifyInstance, options: ToolServerOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const { desk } = options.tools;
  const admin = { onRequest: writeGuards(options, 'admin'), bodyLimit: MAX_TOOL_BODY_BYTES };
  const list = about('access tokens', 'viewer', 'Tokens that count, and what one can be good for');
  api.get(
    '/access-tokens',
    { onRequest: signedIn(options), schema: { ...list, response: { ...readProblem, 200: shapes.tokensAnswer } } },
    async (_request, reply) => reply.send({ tokens: await desk.tokens(), scopes: desk.tokenScopes() }),
  );
  const issue = about('access tokens', 'admin', 'Issues a token, which is told this once');
  api.post(
    '/access-tokens',
    {
      ...admin,
      schema: {
        ...issue,
        body: shapes.issueBody,
        response: { ...anyProblem, 201: shapes.issuedAnswer, 409: anyProblem[400] },
      },
    },
    async (request, reply) => {
      const { name, scopes, days } = request.body;
      const known = desk.tokenScopes().map(({ id }) => id);
      if (scopes.some((scope) => !known.includes(scope)))
        return reply.code(400).send({ error: `A token can only be good for: ${known.join(', ')}.` });
      const issued = await desk.issueToken(name, [...new Set(scopes)], days, staffOf(request).member);
      return issued === 'too-many'
        ? reply.code(409).send({ error: 'There are as many tokens as there may be. Revoke one first.' })
        : reply.code(201).send(issued);
    },
  );
  const revoke = about('access tokens', 'admin', 'Revokes a token: it stops working at once');
  api.delete(
    '/access-tokens/:id',
    { ...admin, schema: { ...revoke, params: idParams, response: { ...anyProblem, 204: nothing } } },
    async (request, reply) => {
      const isRevoked = await desk.revokeToken(request.params.id, staffOf(request).member);
      return isRevoked ? reply.code(204).send() : reply.code(404).send({ error: 'There is no such token.' });
    },
  );
}

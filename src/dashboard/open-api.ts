/** The staff API describes itself: zod schemas check what comes, shape what goes, and become an OpenAPI 3.1 document. */
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyError } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Role } from './ports.ts';

const ABOUT = `What the staff page itself uses. Sign in with \`POST /staff/api/sign-in\`; the answer's cookie then says who asks.
Writes need the \`Origin\` of the page and, in \`x-csrf-token\`, the token that \`GET /staff/api/me\` tells. Each write names the
role it takes; each role may do what those before it may: viewer, agent, manager, admin.`;

/** Mistakes of a body that are told at once. */
const MAX_TOLD = 8;

/** Makes a scope check and describe its routes by their schemas; call it before there are routes. */
export async function describeApi(scope: FastifyInstance): Promise<void> {
  scope.setValidatorCompiler(validatorCompiler);
  scope.setSerializerCompiler(serializerCompiler);
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Bellhop for staff', version: '1', description: ABOUT },
      tags: [
        { name: 'desk', description: 'Who is signed in, requests, calls, the live feed.' },
        { name: 'tool servers', description: 'MCP servers of others: definitions, trust, health, figures.' },
        { name: 'approvals', description: 'Questions of calls in progress, each with seconds to answer.' },
        { name: 'access tokens', description: 'For assistants of the hotel that use its own tools.' },
      ],
      components: { securitySchemes: { staff: { type: 'apiKey', in: 'cookie', name: 'bellhop_staff' } } },
      security: [{ staff: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

/** What a route says of itself besides its schemas. */
export interface RouteAbout {
  tags: string[];
  summary: string;
  description: string;
}

/** @param least the role it takes. */
export function about(tag: string, least: Role, summary: string): RouteAbout {
  return { tags: [tag], summary, description: `Takes the role ${least}.` };
}

/** @returns what of a request is wrong by its route's schema, one by one; undefined when that is not what went wrong. */
export function mistakesOf(error: FastifyError): string[] | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  return error.validation.slice(0, MAX_TOLD).map(({ instancePath, message }) => {
    const place = instancePath.slice(1).replaceAll('/', '.');
    return place === '' ? String(message) : `${place}: ${message}`;
  });
}

/** An authorization server and the metadata of a tool server, on one local socket. Each answer can be changed. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenRequest {
  authorization: string | undefined;
  form: Record<string, string>;
}

export async function tokenServer() {
  const requests: TokenRequest[] = [];
  const paths: string[] = [];
  const state = {
    lifeS: 3_600 as number | undefined,
    authMethods: undefined as string[] | undefined,
    /** Instead of a token. */
    answer: undefined as { status: number; body: string } | undefined,
    issuer: undefined as string | undefined,
    resource: undefined as string | undefined,
    hasMetadata: true,
    /** Requests for tokens wait for `release` while set. */
    held: undefined as (() => void)[] | undefined,
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const path = request.url ?? '';
    paths.push(path);
    const json = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });
    if (path === '/token') return token(request);
    if (!state.hasMetadata) return { status: 404, body: '' };
    if (path === '/.well-known/oauth-protected-resource/mcp')
      return json({ resource: state.resource ?? `${origin}/mcp`, authorization_servers: [`${origin}/login`] });
    if (path === '/.well-known/oauth-authorization-server/login')
      return json({
        issuer: state.issuer ?? `${origin}/login`,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        response_types_supported: ['code'],
        token_endpoint_auth_methods_supported: state.authMethods,
      });
    return { status: 404, body: '' };
  }

  async function token(request: IncomingMessage): Promise<{ status: number; body: string }> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const form = Object.fromEntries(new URLSearchParams(text));
    requests.push({ authorization: request.headers.authorization, form });
    const { held } = state;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    if (state.answer) return state.answer;
    const body = { access_token: `token-${requests.length}`, token_type: 'Bearer', expires_in: state.lifeS };
    return { status: 200, body: JSON.stringify(body) };
  }

  return {
    state,
    requests,
    paths,
    origin,
    serverUrl: `${origin}/mcp`,
    tokenUrl: `${origin}/token`,
    close: (): Promise<void> => new Promise((resolve) => void server.close(() => resolve())),
  };
}

export type TokenServer = Awaited<ReturnType<typeof tokenServer>>;

/**
 * A small carrier's REST side for calls placed from here: `POST /2010-04-01/Accounts/AC…/Calls/CA….json` ends a call or gives
 * it a new document. The server under test gets its address as `TWILIO_BASE_URL`. Records what it was asked.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const LOCAL_ACCOUNT_SID = `AC${'0'.repeat(32)}`;

/** A call as its carrier changes it. */
export interface ChangeableCall {
  complete(): void;
  redirect(twiml: string): void;
}

export interface RestRequest {
  callSid: string;
  form: Record<string, string>;
  status: number;
}

export interface CarrierRest {
  /** For `TWILIO_BASE_URL`. */
  url: string;
  /** All that was asked, in order. */
  requests: RestRequest[];
  add(callSid: string, call: ChangeableCall): void;
  remove(callSid: string): void;
  close(): Promise<void>;
}

const CALL_PATH = /^\/2010-04-01\/Accounts\/(AC\w{32})\/Calls\/(CA\w{32})\.json$/;
const MAX_BODY_BYTES = 64 * 1024;

/** @param authToken when given, other tokens are refused with 401. */
export async function startCarrierRest(authToken?: string): Promise<CarrierRest> {
  const calls = new Map<string, ChangeableCall>();
  const requests: RestRequest[] = [];
  const server = createServer((request, response) => void answer(request, response, { calls, requests, authToken }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    add: (callSid, call) => void calls.set(callSid, call),
    remove: (callSid) => void calls.delete(callSid),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: { calls: Map<string, ChangeableCall>; requests: RestRequest[]; authToken: string | undefined },
): Promise<void> {
  const [, accountSid = '', callSid = ''] = CALL_PATH.exec(request.url ?? '') ?? [];
  const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
  const given = (request.headers.authorization ?? '').replace(/^Basic /, '');
  const isKnown = state.authToken === undefined || atob(given) === `${accountSid}:${state.authToken}`;
  const call = state.calls.get(callSid);
  const status = isKnown ? (call ? 200 : 404) : 401;
  state.requests.push({ callSid, form, status });
  response.writeHead(status, { 'content-type': 'application/json' });
  if (status !== 200 || !call) {
    const code = status === 401 ? 20_003 : 20_404;
    response.end(JSON.stringify({ code, message: status === 401 ? 'Authenticate' : 'The call was not found', status }));
    return;
  }
  response.end(JSON.stringify({ sid: callSid, account_sid: accountSid, status: form.Status ?? 'in-progress' }));
  if (form.Status === 'completed') call.complete();
  else if (form.Twiml !== undefined) call.redirect(form.Twiml);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) {
    body += piece as string;
    if (body.length > MAX_BODY_BYTES) return '';
  }
  return body;
}

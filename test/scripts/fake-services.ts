/** A provider, a carrier's account with one number, and a Bellhop that takes signed webhooks: each as small as possible. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';

export const GOOD_KEY = 'sk-good-key-123';
export const GOOD_TOKEN = 'good-token-456';
export const ACCOUNT_SID = `AC${'1'.repeat(32)}`;
export const NUMBER_SID = `PN${'2'.repeat(32)}`;

export interface FakeServices {
  url: string;
  number: Record<string, string>;
  /** Every change of the number, in order. */
  changes: Record<string, string>[];
  close(): Promise<void>;
}

export async function startFakeServices(): Promise<FakeServices> {
  const number: Record<string, string> = {
    sid: NUMBER_SID,
    phone_number: '+15550100',
    voice_url: 'https://old.example/voice',
    voice_method: 'GET',
    voice_fallback_url: '',
    voice_fallback_method: 'POST',
    status_callback: '',
    status_callback_method: 'POST',
    voice_application_sid: '',
    trunk_sid: '',
  };
  const changes: Record<string, string>[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
      const [status, content] = answer(request, form);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 204 ? undefined : JSON.stringify(content));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    number,
    changes,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function answer(request: IncomingMessage, form: Record<string, string>): [number, object] {
    const path = request.url?.split('?')[0] ?? '';
    const authorization = request.headers.authorization ?? '';
    if (path.startsWith('/v1/models/')) {
      if (authorization !== `Bearer ${GOOD_KEY}`) return [401, {}];
      return path.endsWith('/gpt-realtime-2.1') ? [200, {}] : [404, {}];
    }
    if (path === '/healthz') return [200, {}];
    if (path === '/twilio/status') {
      const signature = String(request.headers['x-twilio-signature']);
      return [twilio.validateRequest(GOOD_TOKEN, signature, url + path, form) ? 204 : 403, {}];
    }
    if (authorization !== `Basic ${btoa(`${ACCOUNT_SID}:${GOOD_TOKEN}`)}`)
      return [401, { code: 20_003, message: 'Authenticate', status: 401 }];
    const account = `/2010-04-01/Accounts/${ACCOUNT_SID}`;
    if (path === `${account}.json`) return [200, { sid: ACCOUNT_SID, status: 'active', friendly_name: 'The Larkspur' }];
    if (path === `${account}/IncomingPhoneNumbers.json`)
      return [
        200,
        { incoming_phone_numbers: [{ ...number, capabilities: { voice: true } }], page: 0, next_page_uri: null },
      ];
    if (path === `${account}/IncomingPhoneNumbers/${NUMBER_SID}.json`) {
      changes.push(form);
      for (const [name, value] of Object.entries(form)) number[snake(name)] = value;
      return [200, number];
    }
    return [404, { code: 20_404, message: path, status: 404 }];
  }
}

const snake = (name: string): string => name.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase();

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += String(piece);
  return body;
}

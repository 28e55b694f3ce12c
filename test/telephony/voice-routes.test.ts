import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { CallerLegEvents } from '../../src/call/ports.ts';
import { systemClock } from '../../src/system-clock.ts';
import { registerVoiceRoutes, type Arrival, type Switchboard } from '../../src/telephony/voice-routes.ts';

const PUBLIC_URL = 'https://hotel.example.com';
const AUTH_TOKEN = 'secret-token';
const form = {
  CallSid: 'CA1',
  AccountSid: 'AC1',
  From: '+15550199',
  To: '+15550100',
  CallStatus: 'ringing',
  Empty: '',
};

let app: FastifyInstance;
let base: string;
let answer: 'take' | 'desk' | 'leave';
let arrivals: Arrival[];
let told: string[];
let apology: { words: string; locale: string } | undefined;

beforeEach(async () => {
  apology = undefined;
  answer = 'take';
  arrivals = [];
  told = [];
  const events: CallerLegEvents = {
    callerAudio: (frame) => void told.push(`audio ${frame.length}`),
    audioSent: () => {},
    markReturned: (name) => void told.push(`mark ${name}`),
    keypadPressed: (digit) => void told.push(`key ${digit}`),
    streamEnded: (why) => void told.push(`ended ${why}`),
    noticed: ({ kind }) => void told.push(kind),
  };
  const switchboard: Switchboard = {
    callArrived: (arrival) => (arrivals.push(arrival), answer),
    streamOpened: () => (told.push('opened'), events),
    streamFaulted: (_callId, error) => void told.push(`fault ${(error as Error).message}`),
    callStatus: () => void told.push('over'),
    colleagueAccepted: () => void told.push('accepted'),
    apology: (callId) => (callId === arrivals[0]?.callId ? apology : undefined),
    dialEnded: (_callId, outcome) => (told.push(outcome), outcome === 'busy' ? 'resume' : 'hang-up'),
  };
  app = fastify();
  await registerVoiceRoutes(app, {
    publicUrl: () => PUBLIC_URL,
    authToken: AUTH_TOKEN,
    updateCall: undefined,
    numbers: { 'front-desk': '+15550110', spa: 'sip:spa@hotel.example.com' },
    frontDesk: 'front-desk',
    greeting: new Uint8Array([1, 2, 3]),
    apology: 'Sorry.',
    switchboard,
    clock: systemClock,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  base = `127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});

afterEach(() => app.close());

async function post(path: string, fields: Record<string, string>, signature?: string) {
  const signed = signature ?? twilio.getExpectedTwilioSignature(AUTH_TOKEN, PUBLIC_URL + path, fields);
  const headers = { 'x-twilio-signature': signed };
  const response = await fetch(`http://${base}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
  return { status: response.status, text: await response.text() };
}

const tokenIn = (twiml: string): string => /name="token" value="([^"]+)"/.exec(twiml)?.[1] ?? '';

function open(token: string, signature?: string): WebSocket {
  const signed =
    signature ??
    twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${PUBLIC_URL.replace('https', 'wss')}/twilio/media`, {});
  const socket = new WebSocket(`ws://${base}/twilio/media`, { headers: { 'x-twilio-signature': signed } });
  socket.on('open', () => {
    socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    const start = { streamSid: 'MZ1', callSid: 'CA1', tracks: ['inbound'], customParameters: { token } };
    socket.send(JSON.stringify({ event: 'start', sequenceNumber: '1', streamSid: 'MZ1', start }));
  });
  return socket;
}

const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));
const until = async (condition: () => boolean) => {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
};

describe('voice webhook', () => {
  it('connects a stream with one token and lets the desk follow', async () => {
    const { status, text } = await post('/twilio/voice', form);
    expect(status).toBe(200);
    expect(text).toContain('<Stream url="wss://hotel.example.com/twilio/media">');
    expect(text).toMatch(
      /<\/Connect><Dial timeout="25"[^>]*action="[^"]+dial-result"[^>]*><Number>\+15550110<\/Number><\/Dial>/,
    );
    expect(arrivals).toMatchObject([{ from: '+15550199', to: '+15550100' }]);
  });

  it('no name of a caller is taken at any length', async () => {
    await post('/twilio/voice', { ...form, From: `sip:${'x'.repeat(5_000)}@a`, To: 'y'.repeat(5_000) });
    expect(arrivals.map(({ from, to }) => [from.length, to.length])).toEqual([[100, 100]]);
  });

  it('a wrong, a missing and a foreign signature are refused', async () => {
    expect((await post('/twilio/voice', form, 'wrong')).status).toBe(403);
    const foreign = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `http://${base}/twilio/voice`, form);
    expect((await post('/twilio/voice', form, foreign)).status).toBe(403);
    const bare = await fetch(`http://${base}/twilio/voice`, { method: 'POST', body: new URLSearchParams(form) });
    expect(bare.status).toBe(403);
    expect(arrivals).toHaveLength(0);
  });

  it('[CARRIER-29] the same call announced twice gets the same bytes and is one call', async () => {
    const first = await post('/twilio/voice', form);
    expect((await post('/twilio/voice', form)).text).toBe(first.text);
    expect(arrivals).toHaveLength(1);
  });

  it('[CARRIER-29] a call whose stream was opened, or that has ended, gets no new token', async () => {
    const socket = open(tokenIn((await post('/twilio/voice', form)).text));
    await until(() => told.includes('opened'));
    expect(tokenIn((await post('/twilio/voice', form)).text)).toBe('');
    await post('/twilio/status', { ...form, CallStatus: 'completed' });
    expect((await post('/twilio/voice', form)).text).toContain('<Hangup/>');
    socket.terminate();
  });

  it('[END-38] a call that is not taken is greeted and goes to the desk, however often it is announced', async () => {
    answer = 'desk';
    const { text } = await post('/twilio/voice', form);
    expect(text).toMatch(
      /<Play>[^<]+\/twilio\/greeting\.wav<\/Play><Dial [^>]*action="[^>]+><Number>\+15550110<\/Number>/,
    );
    expect(text).not.toContain('<Stream');
    expect((await post('/twilio/voice', form)).text).toBe(text);
    expect(arrivals).toHaveLength(1);
    const url = /<Play>([^<]+)</.exec(text)?.[1] ?? '';
    expect(url).toBe(`${PUBLIC_URL}/twilio/greeting.wav`);
    const greeting = await fetch(url.replace(PUBLIC_URL, `http://${base}`));
    expect(greeting.headers.get('content-type')).toContain('audio/wav');
    expect([...new Uint8Array(await greeting.arrayBuffer())]).toEqual([1, 2, 3]);
  });

  it('[END-38] while Bellhop is stopped the desk is rung without anything that only we could answer', async () => {
    answer = 'leave';
    const { text } = await post('/twilio/voice', form);
    expect(text).toContain('<Number>+15550110</Number>');
    expect(text).not.toContain(PUBLIC_URL);
  });

  it('[XFER-36] busy connects a stream again with a new token; a person who answered ends it', async () => {
    const token = tokenIn((await post('/twilio/voice', form)).text);
    const again = await post('/twilio/dial-result', { ...form, DialCallStatus: 'busy' });
    expect(tokenIn(again.text)).not.toBe('');
    expect(tokenIn(again.text)).not.toBe(token);
    expect((await post('/twilio/dial-result', { ...form, DialCallStatus: 'completed' })).text).toContain('<Hangup/>');
  });

  it.each([
    [undefined, '<Say>Sorry.</Say>'],
    [{ words: 'Pardon.', locale: 'fr-FR' }, '<Say language="fr-FR">Pardon.</Say>'],
  ])('nobody could be reached: the guest is told in the language of the call: %j', async (words, said) => {
    apology = words;
    await post('/twilio/voice', form);
    expect((await post('/twilio/dial-result', { ...form, DialCallStatus: 'failed' })).text).toContain(said);
  });
});

describe('media socket', () => {
  it('[CARRIER-30] a handshake without signature is refused, a stream without a good token is closed and opens nothing', async () => {
    const refused = new WebSocket(`ws://${base}/twilio/media`);
    expect(await new Promise((resolve) => refused.once('error', (error) => resolve(error.message)))).toContain('403');
    await post('/twilio/voice', form);
    expect(await closed(open('guess'))).toBe(1008);
    expect(told).toEqual([]);
  });

  it('[CARRIER-31] bad frames are dropped and counted, and the call goes on', async () => {
    const socket = open(tokenIn((await post('/twilio/voice', form)).text));
    await until(() => told.includes('opened'));
    socket.send('not json');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('{"event":"unheard-of"}');
    socket.send('{"event":"dtmf","streamSid":"MZother","sequenceNumber":"3","dtmf":{"digit":"9"}}');
    socket.send('{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"4","dtmf":{"digit":"5"}}');
    await until(() => told.includes('key 5'));
    expect(told).not.toContain('key 9');
    expect(told.join()).not.toContain('ended');
    socket.terminate();
    await until(() => told.includes('ended lost'));
  });

  it('[CARRIER-31] a second start closes the stream', async () => {
    const token = tokenIn((await post('/twilio/voice', form)).text);
    const socket = open(token);
    await until(() => told.includes('opened'));
    const start = { streamSid: 'MZ2', callSid: 'CA2', customParameters: { token } };
    socket.send(JSON.stringify({ event: 'start', sequenceNumber: '1', streamSid: 'MZ2', start }));
    expect(await closed(socket)).toBe(1008);
    expect(told).toContain('ended abuse');
  });

  it('[END-32] without an account a completion is a close that says so', async () => {
    const socket = open(tokenIn((await post('/twilio/voice', form)).text));
    await until(() => told.includes('opened'));
    const reason = new Promise((resolve) => socket.once('close', (_code, text) => resolve(String(text))));
    expect(await arrivals[0]?.control.complete()).toBe('done');
    expect(await reason).toBe('completed');
    expect(await arrivals[0]?.control.complete()).toBe('gone');
  });
});

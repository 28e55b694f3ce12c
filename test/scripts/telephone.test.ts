import { afterEach, expect, test } from 'vitest';
import { readWav } from '../../src/audio/wav.ts';
import type { CallHappening } from '../../scripts/telephone/call-happenings.ts';
import { startCarrierRest } from '../../scripts/telephone/carrier-rest.ts';
import type { CallerAudio } from '../../scripts/telephone/caller.ts';
import { placeCall, type CallOptions } from '../../scripts/telephone/place-call.ts';
import { AUTH_TOKEN, loudMedia, mark, startTinyBridge, type TinyBridge } from './tiny-bridge.ts';

const HANG_UP = '<Response><Hangup/></Response>';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** One turn of a steady sound. */
const saying = (...durationsMs: number[]): CallerAudio => ({
  turns: durationsMs.map((ms) => ({ audio: new Uint8Array(ms * 8).fill(0x20) })),
  background: new Uint8Array(0),
});

async function bridgeFor(...parameters: Parameters<typeof startTinyBridge>): Promise<TinyBridge> {
  const bridge = await startTinyBridge(...parameters);
  closers.push(bridge.close);
  return bridge;
}

async function call(bridge: TinyBridge, options: Partial<CallOptions> = {}) {
  const happenings: CallHappening[] = [];
  const outcome = await placeCall(
    { webhookUrl: bridge.webhookUrl, authToken: AUTH_TOKEN, audio: saying(), ...options },
    (happening) => void happenings.push(happening),
  );
  return { outcome, happenings };
}

const answerWith =
  (tail = '') =>
  (path: string, bridge: TinyBridge): string =>
    path === '/twilio/voice' ? bridge.connectTwiml(tail) : HANG_UP;

test('the stream opens with connected and start, and frames flow every 20 ms without drift', async () => {
  const bridge = await bridgeFor(answerWith());
  const { outcome } = await call(bridge, { manners: { hangUpAtMs: 1_500 } });
  expect(outcome.reason).toBe('caller-hung-up');
  const events = bridge.heard.map(({ message }) => message.event);
  expect(events.slice(0, 2)).toEqual(['connected', 'start']);
  expect(events.at(-1)).toBe('stop');
  const media = bridge.heard.filter(({ message }) => message.event === 'media');
  const [first, last] = [media[0], media.at(-1)];
  const expected = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 20 + 1;
  expect(Math.abs(media.length - expected)).toBeLessThan(2);
  expect(bridge.heard.slice(1).map(({ message }) => message.sequenceNumber)).toEqual(
    bridge.heard.slice(1).map((_, index) => String(index + 1)),
  );
  expect(last?.message).toMatchObject({
    media: { track: 'inbound', chunk: String(media.length), timestamp: String(media.length * 20) },
  });
  expect(bridge.heard[1]?.message).toMatchObject({ start: { customParameters: { token: 'secret' } } });
});

test('a mark comes back when the audio before it was played, not when it was received', async () => {
  const bridge = await bridgeFor(answerWith(), (send) => {
    send(loudMedia(400));
    send(mark('after 400 ms'));
    send(loudMedia(200));
    send(mark('after 600 ms'));
  });
  await call(bridge, { manners: { hangUpAtMs: 1_200 } });
  const startedAt = bridge.heard.find(({ message }) => message.event === 'start')?.atMs ?? 0;
  const returned = bridge.heard.filter(({ message }) => message.event === 'mark').map(({ atMs }) => atMs - startedAt);
  expect(returned).toHaveLength(2);
  expect(returned[0]).toBeGreaterThan(390);
  expect(returned[0]).toBeLessThan(520);
  expect(returned[1]).toBeGreaterThan(590);
});

test('clear drops what was not played and returns its marks at once', async () => {
  const bridge = await bridgeFor(answerWith(), (send) => {
    send(loudMedia(3_000));
    send(mark('never heard'));
    setTimeout(() => send({ event: 'clear' }), 300);
  });
  const { outcome, happenings } = await call(bridge, { manners: { hangUpAtMs: 1_200 } });
  const cleared = happenings.find(({ type }) => type === 'cleared');
  expect(cleared).toMatchObject({ droppedMs: expect.closeTo(2_700, -2.4) as number });
  expect(bridge.heard.some(({ message }) => message.event === 'mark')).toBe(true);
  const { channels } = readWav(outcome.wav);
  const heardMs = [...(channels[1] ?? [])].filter((sample) => Math.abs(sample) > 1_000).length / 8;
  expect(heardMs).toBeGreaterThan(200);
  expect(heardMs).toBeLessThan(420);
});

test('the caller waits until the agent has finished, and both sides are recorded in line', async () => {
  const bridge = await bridgeFor(answerWith(), (send) => send(loudMedia(500)));
  const { outcome, happenings } = await call(bridge, {
    audio: saying(300),
    manners: { pauseMs: 300, hangUpAtMs: 1_700 },
  });
  const agentStopped = happenings.find(({ type }) => type === 'agent-stopped');
  const callerStarted = happenings.find(({ type }) => type === 'caller-started');
  expect(agentStopped).toMatchObject({ heardMs: 500 });
  expect((callerStarted as { atMs: number }).atMs - (agentStopped as { atMs: number }).atMs).toBeGreaterThan(240);
  const { channels, sampleRateHz } = readWav(outcome.wav);
  const firstLoud = (channel: Int16Array | undefined): number =>
    (channel ?? new Int16Array()).findIndex((sample) => Math.abs(sample) > 1_000) / 8;
  expect(sampleRateHz).toBe(8_000);
  expect(firstLoud(channels[1])).toBeLessThan(100);
  expect(firstLoud(channels[0]) - firstLoud(channels[1])).toBeGreaterThan(740);
  expect(firstLoud(channels[0]) - firstLoud(channels[1])).toBeLessThan(900);
});

test('a turn with interruptAfterMs begins while the agent speaks; the answer after it is timed', async () => {
  const bridge = await bridgeFor(answerWith(), (send, socket) => {
    send(loudMedia(2_000));
    let loudFrames = 0;
    socket.on('message', (data: Buffer) => {
      const { event, media } = JSON.parse(data.toString()) as { event: string; media?: { payload: string } };
      if (event === 'media' && media && Buffer.from(media.payload, 'base64')[0] === 0x20) loudFrames++;
      if (loudFrames === 10) {
        loudFrames++;
        send({ event: 'clear' });
        setTimeout(() => send(loudMedia(200)), 250);
      }
    });
  });
  const audio = saying(200);
  if (audio.turns[0]) audio.turns[0].interruptAfterMs = 400;
  const { outcome, happenings } = await call(bridge, { audio, manners: { hangUpAtMs: 1_500 } });
  expect(happenings.find(({ type }) => type === 'caller-started')).toMatchObject({ isInterrupting: true });
  expect(outcome.turnLatenciesMs).toHaveLength(1);
  expect(outcome.turnLatenciesMs[0]).toBeGreaterThan(200);
  expect(outcome.turnLatenciesMs[0]).toBeLessThan(400);
});

test('when the server drops the stream, the document goes on: the desk is dialled and its outcome told', async () => {
  const tail = '<Dial action="ACTION"><Number>+15550110</Number></Dial>';
  const bridge = await bridgeFor(
    (path, bridge) =>
      path === '/twilio/voice'
        ? bridge.connectTwiml(tail.replace('ACTION', `${bridge.url}/twilio/dial-result`))
        : HANG_UP,
    (_send, socket) => socket.close(1011),
  );
  const { outcome } = await call(bridge);
  expect(outcome).toMatchObject({ reason: 'transferred', transferredTo: '+15550110' });
  expect(bridge.posts.map(({ path }) => path)).toEqual(['/twilio/voice', '/twilio/dial-result', '/twilio/status']);
  expect(bridge.posts[1]?.form).toMatchObject({ DialCallStatus: 'completed' });
  expect(bridge.posts[2]?.form).toMatchObject({ CallStatus: 'completed' });
});

test('completing the call over REST ends it; an unknown call is answered with 404', async () => {
  const carrier = await startCarrierRest(AUTH_TOKEN);
  closers.push(carrier.close);
  const change = (callSid: string, form: Record<string, string>): Promise<Response> =>
    fetch(`${carrier.url}/2010-04-01/Accounts/AC${'0'.repeat(32)}/Calls/${callSid}.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`AC${'0'.repeat(32)}:${AUTH_TOKEN}`)}` },
      body: new URLSearchParams(form),
    });
  const bridge = await bridgeFor(answerWith(), (_send, _socket, { posts }) => {
    void change(posts[0]?.form.CallSid ?? '', { Status: 'completed' });
  });
  const { outcome } = await call(bridge, { carrier });
  expect(outcome.reason).toBe('agent-hung-up');
  expect(bridge.heard.at(-1)?.message.event).toBe('stop');
  expect((await change(outcome.callSid, { Status: 'completed' })).status).toBe(404);
  expect(carrier.requests.map(({ status }) => status)).toEqual([200, 404]);
});

test('a redirected call that nobody answers comes back to a second stream of the same call', async () => {
  const bridge = await bridgeFor(
    (path, bridge) => {
      if (path === '/twilio/redirected')
        return `<Response><Dial action="${bridge.url}/twilio/dial-result"><Number>+15550111</Number></Dial></Response>`;
      return path === '/twilio/voice' || path === '/twilio/dial-result' ? bridge.connectTwiml() : HANG_UP;
    },
    (send, socket, bridge) => {
      send(loudMedia(100));
      setTimeout(
        () => (bridge.streams === 1 ? socket.close(1000, 'redirected') : socket.close(1000, 'completed')),
        200,
      );
    },
  );
  const { outcome, happenings } = await call(bridge, { colleague: () => 'no-answer' });
  expect(bridge.streams).toBe(2);
  expect(outcome).toMatchObject({ reason: 'agent-hung-up', transferredTo: null });
  expect(happenings).toContainEqual(expect.objectContaining({ type: 'dial-ended', status: 'no-answer' }));
});

test('a refused webhook is an outcome, not an exception', async () => {
  const bridge = await bridgeFor(answerWith());
  const { outcome } = await call(bridge, { authToken: 'wrong' });
  expect(outcome.reason).toBe('refused');
  expect(outcome.problem).toContain('403');
});

test('signatures and addresses follow the public URL while the machine itself is reached', async () => {
  const bridge = await bridgeFor(
    () => '<Response><Connect><Stream url="wss://hotel.example/twilio/media"/></Connect></Response>',
  );
  const local = bridge.webhookUrl;
  bridge.url = 'https://hotel.example';
  const { outcome } = await call(bridge, {
    webhookUrl: local,
    publicUrl: 'https://hotel.example',
    manners: { hangUpAtMs: 300 },
  });
  expect(outcome).toMatchObject({ reason: 'caller-hung-up', problem: '' });
  expect(bridge.streams).toBe(1);
});

test('keys are pressed at the beginning of their turn', async () => {
  const bridge = await bridgeFor(answerWith(), (send) => send(loudMedia(100)));
  const audio: CallerAudio = { turns: [{ audio: new Uint8Array(800), keys: '4#' }], background: new Uint8Array(0) };
  await call(bridge, { audio, manners: { pauseMs: 100, hangUpAtMs: 600 } });
  const digits = bridge.heard.filter(({ message }) => message.event === 'dtmf').map(({ message }) => message);
  expect(digits).toMatchObject([{ dtmf: { digit: '4' } }, { dtmf: { digit: '#' } }]);
});

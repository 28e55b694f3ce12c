/** An account is configured: what it knows of a call, and what becomes of calls that are not its own. */
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCarrierRest, type CarrierRest } from '../../scripts/telephone/carrier-rest.ts';
import { placeCall } from '../../scripts/telephone/place-call.ts';
import type { CallControl, CallerLeg } from '../../src/call/ports.ts';
import { systemClock } from '../../src/system-clock.ts';
import { restUpdater } from '../../src/telephony/call-control.ts';
import { registerVoiceRoutes } from '../../src/telephony/voice-routes.ts';

const AUTH_TOKEN = 'secret-token';
const words = { summary: 'A massage at six. Press one.', again: 'Press one.' };
let app: FastifyInstance;
let carrier: CarrierRest;
let url: string;
/** What the call does once its stream is open. */
let act: (control: CallControl, leg: CallerLeg) => Promise<unknown>;
let outcomes: unknown[];

beforeEach(async () => {
  outcomes = [];
  carrier = await startCarrierRest(AUTH_TOKEN);
  app = fastify({ forceCloseConnections: true });
  let control: CallControl | undefined;
  await registerVoiceRoutes(app, {
    publicUrl: () => url,
    authToken: AUTH_TOKEN,
    updateCall: restUpdater(`AC${'1'.repeat(32)}`, AUTH_TOKEN, carrier.url),
    numbers: { 'front-desk': '+15550110', spa: '+15550111' },
    frontDesk: 'front-desk',
    greeting: undefined,
    apology: 'Sorry.',
    switchboard: {
      callArrived: (arrival) => ((control = arrival.control), 'take'),
      streamOpened(_callId, leg) {
        if (control) void act(control, leg).then((outcome) => outcomes.push(outcome));
        return {
          callerAudio: () => {},
          audioSent: () => {},
          markReturned: () => {},
          keypadPressed: () => {},
          streamEnded: () => {},
          noticed: () => {},
        };
      },
      streamFaulted: () => {},
      callStatus: () => {},
      colleagueAccepted: () => {},
      dialEnded: () => 'hang-up',
    },
    clock: systemClock,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await app.close();
  await carrier.close();
});

const call = (known: CarrierRest | undefined) =>
  placeCall({
    webhookUrl: `${url}/twilio/voice`,
    authToken: AUTH_TOKEN,
    audio: { turns: [], background: new Uint8Array(0) },
    carrier: known,
    manners: { hangUpAtMs: 3_000 },
  });

/** As a call ends on purpose: told to the carrier first, then the stream is closed. */
const endOnPurpose = async (control: CallControl, leg: CallerLeg): Promise<unknown> => {
  const outcome = await control.complete();
  leg.close();
  return outcome;
};

it('[END-32] a call that the account does not know is completed by the close of its stream, and no desk rings', async () => {
  act = endOnPurpose;
  expect(await call(undefined)).toMatchObject({ reason: 'agent-hung-up', transferredTo: null });
  expect(carrier.requests).toMatchObject([{ form: { Status: 'completed' }, status: 404 }]);
});

it('[END-32] a call that the account knows is completed there', async () => {
  act = endOnPurpose;
  expect(await call(carrier)).toMatchObject({ reason: 'agent-hung-up', transferredTo: null });
  expect(carrier.requests).toMatchObject([{ form: { Status: 'completed' }, status: 200 }]);
});

it('[XFER-36] a call that the account does not know is put through by the close of its stream', async () => {
  act = (control) => control.dial('spa', words);
  expect(await call(undefined)).toMatchObject({ reason: 'transferred', transferredTo: '+15550111' });
  expect(outcomes).toEqual(['done']);
  expect(carrier.requests).toMatchObject([{ status: 404 }]);
});

it('[XFER-36] when its stream is closed too, it is gone', async () => {
  act = async (control, leg) => {
    leg.close();
    return control.dial('spa', words);
  };
  await call(undefined);
  expect(outcomes).toEqual(['gone']);
});

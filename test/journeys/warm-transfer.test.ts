/** "A person please", with a carrier's account: the colleague is asked first, and the guest comes back when they decline. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallHappening } from '../../scripts/telephone/call-happenings.ts';
import { loadCallerAudio } from '../../scripts/telephone/caller-audio.ts';
import { startCarrierRest, type CarrierRest } from '../../scripts/telephone/carrier-rest.ts';
import type { Colleague } from '../../scripts/telephone/colleague.ts';
import { placeCall, type CallOptions } from '../../scripts/telephone/place-call.ts';
import { startApp, type App } from '../../src/app.ts';
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const AUTH_TOKEN = 'secret-token';
const DESK = '+15550110';

let testDatabase: TestDatabase;
let carrier: CarrierRest;
let app: App;
const folder = mkdtempSync(join(tmpdir(), 'bellhop-transfer-'));
const events: CallEvent[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  carrier = await startCarrierRest(AUTH_TOKEN);
  const config = readConfig(
    {
      DATABASE_URL: testDatabase.url,
      DATA_DIR: folder,
      PORT: '0',
      BELLHOP_CONFIG: 'bellhop.example.yaml',
      TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_BASE_URL: carrier.url,
    },
    ROOT,
  );
  const reader = { happened: (event: CallEvent) => void events.push(event), words: () => {} };
  app = await startApp({ config, log: pino({ level: 'silent' }), readers: [reader] });
});

afterAll(async () => {
  await app?.close();
  await carrier?.close();
  await testDatabase?.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(from: string, colleague: Colleague, more: Partial<CallOptions> = {}) {
  const happenings: CallHappening[] = [];
  const outcome = await placeCall(
    {
      webhookUrl: `${app.url}/twilio/voice`,
      authToken: AUTH_TOKEN,
      audio: loadCallerAudio(join(ROOT, 'fixtures/calls/a-person-please')),
      from,
      carrier,
      ringMs: 500,
      colleague: () => colleague,
      ...more,
    },
    (happening) => void happenings.push(happening),
  );
  await vi.waitFor(() => expect(of(from, 'ended')).toHaveLength(1));
  const changes = carrier.requests.filter(({ callSid }) => callSid === outcome.callSid);
  return { outcome, happenings, dials: changes.filter(({ form }) => form.Twiml !== undefined) };
}

function of<Kind extends Happening['kind']>(from: string, kind: Kind) {
  const callId = events.find(({ happening }) => happening.kind === 'answered' && happening.from === from)?.callId;
  return events.flatMap((event) =>
    event.callId === callId && event.happening.kind === kind
      ? [event.happening as Extract<Happening, { kind: Kind }>]
      : [],
  );
}

const said = (from: string): string =>
  of(from, 'agent-said')
    .flatMap(({ text }) => text)
    .join('\n');
const kinds = (happenings: readonly CallHappening[]): string[] => happenings.map(({ type }) => type);

describe('a guest who wants a person', { concurrent: true, timeout: 120_000 }, () => {
  it('[XFER-47] is put through once the colleague has heard why and presses one', async () => {
    const from = '+15550171';
    const { outcome, happenings, dials } = await call(from, 'accept');
    expect(outcome).toMatchObject({ reason: 'transferred', transferredTo: DESK });
    const heard = happenings.find(({ type }) => type === 'colleague-hears');
    expect(heard).toMatchObject({
      text: expect.stringMatching(/^A guest on the telephone for the front desk\. .*person.*press one/i) as string,
    });
    expect(happenings).toContainEqual(expect.objectContaining({ type: 'colleague-presses', key: '1' }));
    expect(dials).toMatchObject([{ status: 200 }]);
    expect(of(from, 'transfer-accepted')).toEqual([{ kind: 'transfer-accepted', department: 'front-desk' }]);
    expect(of(from, 'ended')).toMatchObject([{ reason: 'transferred' }]);
  });

  it.each([
    ['decline', 'declined', /nobody there can take the call/i, '+15550172'],
    ['busy', 'busy', /line is busy/i, '+15550173'],
  ] as const)('[XFER-36] is back with the agent when the colleague’s answer is %s', async (...given) => {
    const [colleague, reason, words, from] = given;
    const { outcome, happenings } = await call(from, colleague);
    expect(outcome).toMatchObject({ reason: 'caller-hung-up', transferredTo: null });
    expect(of(from, 'transfer-ended')).toEqual([{ kind: 'transfer-ended', department: 'front-desk', outcome: reason }]);
    expect(kinds(happenings).filter((type) => type === 'stream-started')).toHaveLength(2);
    expect(said(from)).toMatch(words);
    expect(of(from, 'ended')).toMatchObject([{ reason: 'caller-hung-up' }]);
  });

  it('[XFER-48] who hangs up while it rings ends the call, and the colleague’s leg with it', async () => {
    const from = '+15550174';
    const { outcome, happenings } = await call(from, 'accept', { ringMs: 60_000, manners: { hangUpAtMs: 25_000 } });
    expect(outcome).toMatchObject({ reason: 'caller-hung-up', transferredTo: null });
    expect(kinds(happenings)).not.toContain('colleague-hears');
    expect(happenings).toContainEqual(expect.objectContaining({ type: 'dial-ended', status: 'canceled' }));
    expect(of(from, 'transfer-ended')).toMatchObject([{ outcome: 'cancelled' }]);
    expect(of(from, 'ended')).toMatchObject([{ reason: 'caller-hung-up' }]);
  });
});

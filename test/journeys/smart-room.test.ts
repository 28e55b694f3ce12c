/** Guests and their rooms: tools of another server beside the hotel's own, in one call through the whole app. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { placeCall } from '../../scripts/telephone/place-call.ts';
import { startApp } from '../../src/app.ts';
import { encodeMulaw } from '../../src/audio/g711.ts';
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import { readConfig } from '../../src/config.ts';
import { readRuntime } from '../../src/local-secrets.ts';
import { loadVoice } from '../../src/local-realtime/voice.ts';
import { resample } from '../../src/local-realtime/voice-resampler.ts';
import { staffClient, type StaffClient } from '../dashboard/staff-client.ts';
import { createTestDatabase } from '../test-database.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LIGHTS = ['could you turn on the lights please', 'room four twelve'];
const WARMER = ['set the temperature to twenty two degrees please', 'room three eighteen'];

let hotel: Awaited<ReturnType<typeof openHotel>>;
const closers: (() => unknown)[] = [];
beforeAll(async () => (hotel = await openHotel()), 60_000);
afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

describe('the room’s own server', { concurrent: true, timeout: 240_000 }, () => {
  it('[TOOL-44] lights and towels: the server is called by us, the hotel’s tools natively, in the same call', async () => {
    const call = await hotel.call('+15550142', [
      ...LIGHTS,
      'could i have two extra towels please',
      'yes please',
      'goodbye',
    ]);
    expect(hotel.effects('412'), call.told).toEqual([{ tool: 'set_lights', room: '412', change: { lights: 'on' } }]);
    const tools = call.of('tool-started').map(({ tool, path, server }) => [tool, path, server]);
    expect(tools, call.told).toContainEqual(['set_lights', 'client', 'rooms']);
    expect(tools, call.told).toContainEqual(['create_service_request', 'native', undefined]);
    expect(call.of('request-created'), call.told).toHaveLength(1);
    expect(call.of('tool-ended').map(({ outcome }) => outcome)).not.toContain('failed');
    await vi.waitUntil(async () => (await hotel.figureOf('set_lights'))?.calls === 1, {
      timeout: 5_000,
      interval: 100,
    });
  });

  it('[TOOL-50] where staff are to be asked: it is done once they allow it, and the guest is told to wait', async () => {
    const call = await hotel.call('+15550143', [...WARMER, 'goodbye'], 'approved');
    const done = { tool: 'set_temperature', room: '318', change: { celsius: 22 } };
    expect(hotel.effects('318'), call.told).toEqual([done]);
    expect(call.of('approval-ended'), call.told).toMatchObject([{ decision: 'approved' }]);
    expect(call.said, call.told).toMatch(/ask a colleague/i);
  });

  it('[TOOL-50] staff say no: nothing is done, and the guest is not told that it was', async () => {
    const call = await hotel.call('+15550144', [WARMER[0] ?? '', 'room two fourteen', 'goodbye'], 'denied');
    expect(hotel.effects('214'), call.told).toEqual([]);
    expect(call.of('approval-ended'), call.told).toMatchObject([{ decision: 'denied' }]);
    expect(call.said, call.told).toMatch(/did not allow/i);
  });
});

/** A hotel with smart rooms, and somebody of its staff at the page, who approved the server's tools. */
async function openHotel() {
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-journey-'));
  const ledger = join(folder, 'effects.jsonl');
  writeFileSync(ledger, '');
  const rooms = {
    mode: 'client',
    transport: 'stdio',
    command: process.execPath,
    args: [join(ROOT, 'test/peers/smart-room.ts'), '--ledger', ledger],
    require_approval: { set_lights: 'never', set_temperature: 'always' },
    phrase: 'Let me see to that.',
  };
  const file = join(folder, 'bellhop.yaml');
  const example = readFileSync(join(ROOT, 'bellhop.example.yaml'), 'utf8');
  writeFileSync(file, `${example}\n${stringify({ mcp_servers: { rooms } })}`);
  const database = await createTestDatabase();
  closers.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => database.drop(),
  );
  const config = readConfig({ DATABASE_URL: database.url, DATA_DIR: folder, PORT: '0', BELLHOP_CONFIG: file }, ROOT);
  const events: CallEvent[] = [];
  /** What staff answer, by the caller's number. */
  const decisions = new Map<string, 'approved' | 'denied'>();
  const ofCaller = (from: string): Happening[] => {
    const first = events.find(({ happening }) => happening.kind === 'answered' && happening.from === from);
    return events.filter(({ callId }) => callId === first?.callId).map(({ happening }) => happening);
  };
  const happened = (event: CallEvent): void => {
    events.push(event);
    const { happening } = event;
    if (happening.kind !== 'approval-asked') return;
    const [, decision] = [...decisions].find(([from]) => ofCaller(from).includes(happening)) ?? [];
    if (decision) void staff.post(`approvals/${happening.approvalId}`, { decision });
  };
  const app = await startApp({ config, log: pino({ level: 'silent' }), readers: [{ happened, words: () => {} }] });
  closers.push(() => app.close());
  const staff = await staffClient(app.url, 'manager', app.firstPassword ?? '');
  await vi.waitUntil(async () => (await serverOf(staff)).tools.length > 0, { timeout: 20_000, interval: 100 });
  const { tools } = await serverOf(staff);
  const hashes = Object.fromEntries(tools.map(({ tool, hash }) => [tool.name, hash]));
  await staff.post('mcp/servers/rooms/tools/approve', { hashes });
  return {
    effects: (room: string) =>
      readFileSync(ledger, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { room: string })
        .filter((effect) => effect.room === room),
    async figureOf(tool: string) {
      const answer = (await (await staff.get('mcp/figures')).json()) as {
        figures: { tool: string; calls: number }[];
      };
      return answer.figures.find((figure) => figure.tool === tool);
    },
    async call(from: string, texts: string[], decision?: 'approved' | 'denied') {
      if (decision) decisions.set(from, decision);
      const turns = await Promise.all(texts.map(async (text) => ({ audio: await spoken(text) })));
      const authToken = readRuntime(folder)?.twilioAuthToken ?? '';
      const audio = { turns, background: new Uint8Array(0) };
      await placeCall({ webhookUrl: `${app.url}/twilio/voice`, authToken, audio, from });
      const happenings = ofCaller(from);
      const of = <Kind extends Happening['kind']>(kind: Kind) =>
        happenings.filter((one): one is Extract<Happening, { kind: Kind }> => one.kind === kind);
      const said = of('agent-said').map(({ text }) => text);
      const told = JSON.stringify({ heard: of('guest-said').map(({ text }) => text), said });
      return { of, said: said.join('\n'), told };
    },
  };
}

interface SeenServer {
  tools: { tool: { name: string }; hash: string; trust: string }[];
}

const serverOf = async (staff: StaffClient): Promise<SeenServer> =>
  ((await (await staff.get('mcp/servers/rooms')).json()) as { server: SeenServer }).server;

const voice = loadVoice();

/** @returns μ-law, 8 kHz, in a voice of the local engine. */
async function spoken(text: string): Promise<Uint8Array> {
  const { pcm, sampleRateHz } = await (await voice).speak(text, 'cedar');
  return encodeMulaw(resample(pcm, sampleRateHz, 8_000));
}

/** A whole hotel for tests of tool servers: the app with a hosted model's side, an admin at the page, and calls without speech. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import type { CallOutcome } from '../scripts/telephone/call-happenings.ts';
import { LOCAL_ACCOUNT_SID } from '../scripts/telephone/carrier-rest.ts';
import { placeCall } from '../scripts/telephone/place-call.ts';
import { postSigned } from '../scripts/telephone/signed-post.ts';
import { startApp, type App } from '../src/app.ts';
import type { CallEvent, Happening } from '../src/call/call-event.ts';
import { readConfig } from '../src/config.ts';
import { FIRST_LOGIN } from '../src/records.ts';
import { staffClient, type StaffClient } from './dashboard/staff-client.ts';
import { ModelSide } from './peers/model-side.ts';
import { ScriptedRealtime } from './peers/scripted-realtime.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const PUBLIC_URL = 'https://bellhop.example.com';
const AUTH_TOKEN = 'platform-token';
const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
/** A server is listed anew every 5 s at most. */
const PATIENCE = { timeout: 8_000, interval: 20 };

export interface SeenServer {
  label: string;
  version: number;
  path: string;
  status: { kind: string };
  callsBehind: string[];
  tools: {
    tool: { name: string; description: string };
    hash: string;
    trust: string;
    before?: { description: string };
    offeredAs?: string;
    notOffered?: string;
  }[];
}

export interface RunningCall {
  callId: string;
  model: ModelSide;
  outcome: Promise<CallOutcome>;
  /** What happened so far, of one kind. */
  of<Kind extends Happening['kind']>(kind: Kind): Extract<Happening, { kind: Kind }>[];
  /** Waits for the happening of this kind with this index. */
  next<Kind extends Happening['kind']>(kind: Kind, index?: number): Promise<Extract<Happening, { kind: Kind }>>;
  hangUp(): Promise<void>;
}

export interface PlatformHotelOptions {
  /** Of another instance; a new one when left out. */
  database?: TestDatabase;
  /** Of the first account, where another instance made it. */
  password?: string;
  approvalWaitMs?: number;
}

export class PlatformHotel {
  readonly app: App;
  readonly staff: StaffClient;
  readonly password: string;
  readonly agent: ScriptedRealtime;
  readonly database: TestDatabase;
  /** Lines of the log. */
  readonly logged: string[];
  readonly events: CallEvent[];
  /** Where public addresses of servers are on this machine. */
  readonly addresses = new Map<string, string>();
  readonly #closers: (() => unknown)[];
  #calls = 0;

  private constructor(parts: {
    app: App;
    staff: StaffClient;
    password: string;
    agent: ScriptedRealtime;
    database: TestDatabase;
    logged: string[];
    events: CallEvent[];
    closers: (() => unknown)[];
  }) {
    this.app = parts.app;
    this.staff = parts.staff;
    this.password = parts.password;
    this.agent = parts.agent;
    this.database = parts.database;
    this.logged = parts.logged;
    this.events = parts.events;
    this.#closers = parts.closers;
  }

  static async open({ database: shared, password, approvalWaitMs }: PlatformHotelOptions = {}): Promise<PlatformHotel> {
    const dataDir = mkdtempSync(join(tmpdir(), 'bellhop-platform-'));
    // By this name its guests are there, too.
    const file = join(dataDir, 'bellhop.example.yaml');
    const example = readFileSync(join(ROOT, 'bellhop.example.yaml'), 'utf8');
    writeFileSync(file, `${example}\n${stringify({ mcp: { allow_loopback: true } })}`);
    const database = shared ?? (await createTestDatabase());
    const agent = await ScriptedRealtime.start();
    const closers: (() => unknown)[] = [
      () => rmSync(dataDir, { recursive: true, force: true }),
      ...(shared ? [] : [() => database.drop()]),
      () => agent.close(),
    ];
    const environment = {
      BELLHOP_CONFIG: file,
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      PORT: '0',
      PUBLIC_URL,
      SECRETS_KEY,
      OPENAI_API_KEY: 'any-key-will-do',
      OPENAI_BASE_URL: agent.baseUrl,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    };
    const [logged, events]: [string[], CallEvent[]] = [[], []];
    const app = await startApp({
      config: readConfig(environment, ROOT),
      log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
      readers: [{ happened: (event) => void events.push(event), words: () => {} }],
      ...(approvalWaitMs === undefined ? {} : { approvalWaitMs }),
    });
    closers.push(() => app.close());
    const known = password ?? app.firstPassword ?? '';
    const staff = await staffClient(app.url, FIRST_LOGIN, known);
    return new PlatformHotel({ app, staff, password: known, agent, database, logged, events, closers });
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  /** Adds a server, approves all that it lists and waits until it is offered. @param at where it really is. */
  async add(label: string, at: string, definition: object): Promise<void> {
    const serverUrl = `https://${label}.example.com/mcp`;
    this.addresses.set(serverUrl, at);
    const whole = { server_url: serverUrl, transport: 'http', url: at, ...definition };
    const answer = await this.staff.post('mcp/servers', { label, definition: whole });
    if (answer.status !== 201) throw new Error(`adding answered ${answer.status}: ${await answer.text()}`);
    await this.approve(label);
    await this.seen(label, ({ tools }) => tools.some(({ offeredAs }) => offeredAs !== undefined));
  }

  /** Approves tools as they are listed now; all of them when none are named. */
  async approve(label: string, names?: string[]): Promise<void> {
    const { tools } = await this.seen(label, (server) => server.status.kind === 'connected');
    const wanted = tools.filter(({ tool }) => names?.includes(tool.name) ?? true);
    const hashes = Object.fromEntries(wanted.map(({ tool, hash }) => [tool.name, hash]));
    const answer = await this.staff.post(`mcp/servers/${label}/tools/approve`, { hashes });
    if (!answer.ok) throw new Error(`approving answered ${answer.status}: ${await answer.text()}`);
  }

  async server(label: string): Promise<SeenServer> {
    return ((await (await this.staff.get(`mcp/servers/${label}`)).json()) as { server: SeenServer }).server;
  }

  /** Waits until the page shows a server as the test wants it. */
  async seen(label: string, isIt: (server: SeenServer) => boolean): Promise<SeenServer> {
    let last: SeenServer | undefined;
    await vi.waitUntil(async () => {
      last = await this.server(label);
      return last !== undefined && isIt(last);
    }, PATIENCE);
    return last as SeenServer;
  }

  /** Places a call and waits for its agent's greeting. */
  async call(): Promise<RunningCall> {
    const from = `+1555017${String(this.#calls++).padStart(4, '0')}`;
    const dialled = this.agent.connections.length;
    let callSid = '';
    const sender = { origin: this.app.url, publicUrl: PUBLIC_URL, authToken: AUTH_TOKEN };
    const outcome = placeCall(
      {
        webhookUrl: `${this.app.url}/twilio/voice`,
        publicUrl: PUBLIC_URL,
        authToken: AUTH_TOKEN,
        from,
        audio: { turns: [], background: new Uint8Array(160).fill(0xff) },
        manners: { hangUpAtMs: 20_000 },
      },
      (happening) => {
        if (happening.type === 'ringing') ({ callSid } = happening);
      },
    );
    const model = new ModelSide(await this.agent.connection(dialled), { addresses: this.addresses });
    const callId = this.#callOf(from);
    const of = <Kind extends Happening['kind']>(kind: Kind) =>
      this.events
        .filter((event) => event.callId === callId)
        .map(({ happening }) => happening)
        .filter((one): one is Extract<Happening, { kind: Kind }> => one.kind === kind);
    const hangUp = async (): Promise<void> => {
      const form = { AccountSid: LOCAL_ACCOUNT_SID, CallSid: callSid, CallStatus: 'completed', CallDuration: '1' };
      await postSigned(sender, `${PUBLIC_URL}/twilio/status`, form);
      await outcome;
    };
    const call: RunningCall = {
      callId,
      model,
      outcome,
      of,
      next: (kind, at = 0) => vi.waitUntil(() => of(kind)[at], PATIENCE),
      hangUp,
    };
    this.#closers.push(() => hangUp().catch(() => {}));
    await call.next('agent-said');
    return call;
  }

  #callOf(from: string): string {
    const isIt = ({ happening }: CallEvent): boolean => happening.kind === 'answered' && happening.from === from;
    return this.events.find(isIt)?.callId ?? '';
  }
}

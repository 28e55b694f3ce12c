/** A connection of ours to the scripted server, with a clock of the test, and all that it tells its call. */
import { pino } from 'pino';
import { afterEach } from 'vitest';
import type { AgentLeg, AgentLegEvents } from '../../src/call/ports.ts';
import type { NativeServer, SessionTools } from '../../src/hotel/tool-servers/session-tools.ts';
import type { ToolDefinition } from '../../src/hotel/tool.ts';
import { openRealtimeConnection } from '../../src/realtime/realtime-connection.ts';
import type { RealtimeOptions } from '../../src/realtime/realtime-options.ts';
import { FakeClock } from '../fake-clock.ts';
import { ScriptedRealtime, type Handshake, type ScriptedConnection } from '../peers/scripted-realtime.ts';

type What = keyof AgentLegEvents;
export type Told = { [W in What]: [W, ...Parameters<AgentLegEvents[W]>] }[What];

export interface RealtimeStage {
  server: ScriptedRealtime;
  clock: FakeClock;
  leg: AgentLeg;
  told: Told[];
  /** Everything that was logged, as it was written. */
  logged: string[];
  of<W extends What>(what: W): Parameters<AgentLegEvents[W]>[];
  /** Waits until the call was told so many of these. */
  until(what: What, count?: number): Promise<void>;
}

export const tool = (name: string): ToolDefinition => ({
  name,
  description: `Does ${name}.`,
  parameters: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
});

export const NATIVE = {
  label: 'hotel',
  url: 'https://bellhop.example/mcp',
  authorization: 'token-of-this-call-alone',
  description: 'The hotel.',
  allowedTools: ['create_service_request'],
  needApproval: [],
  fallback: [tool('create_service_request')],
} satisfies NativeServer;

/** The hotel's own server, besides others. */
export const withNative = (...others: NativeServer[]): SessionTools => ({
  version: 1,
  functions: [tool('hang_up')],
  native: [NATIVE, ...others],
});

export const OPTIONS: Omit<RealtimeOptions, 'baseUrl'> = {
  apiKey: 'sk-test-0123456789abcdef',
  model: 'gpt-realtime-2.1',
  audioFormat: 'audio/pcmu',
  voice: 'marin',
  instructions: 'Be kind.',
  transcription: { model: 'gpt-4o-mini-transcribe', language: 'en' },
  tools: { version: 1, functions: [tool('create_service_request'), tool('hang_up')], native: [] },
  // The clock of a test leaps; pings are answered in real time.
  isNear: true,
};

const toClose: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

/** Opens a connection; the server is closed after the test. */
export async function setStage(
  options: Partial<RealtimeOptions> = {},
  { script = [], acknowledges = true }: { script?: Handshake[]; acknowledges?: boolean } = {},
): Promise<RealtimeStage> {
  const server = await ScriptedRealtime.start(script);
  server.acknowledgesUpdates = acknowledges;
  const clock = new FakeClock();
  const told: Told[] = [];
  const logged: string[] = [];
  const waiting = new Set<() => void>();
  const events = new Proxy<Partial<AgentLegEvents>>(
    {},
    {
      get:
        (_, what: What) =>
        (...args: unknown[]) => {
          told.push([what, ...args] as unknown as Told);
          for (const look of waiting) look();
        },
    },
  ) as AgentLegEvents;
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const leg = openRealtimeConnection({ baseUrl: server.baseUrl, ...OPTIONS, ...options }, events, clock, log);
  toClose.push(
    () => server.close(),
    () => leg.close(),
  );
  const of = <W extends What>(what: W): Parameters<AgentLegEvents[W]>[] =>
    told.filter(([kind]) => kind === what).map(([, ...args]) => args as unknown as Parameters<AgentLegEvents[W]>);
  const until = (what: What, count = 1): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (of(what).length >= count) resolve();
      };
      waiting.add(look);
      look();
    });
  return { server, clock, leg, told, logged, of, until };
}

/** The same, with the configuration acknowledged. */
export async function setReadyStage(
  options: Partial<RealtimeOptions> = {},
): Promise<RealtimeStage & { peer: ScriptedConnection }> {
  const stage = await setStage(options);
  const peer = await stage.server.connection();
  await stage.until('agentReady');
  return { ...stage, peer };
}

export const created = (id: string) => ({ type: 'response.created', response: { id, status: 'in_progress' } });

export const done = (id: string, status = 'completed', more: object = {}) => ({
  type: 'response.done',
  response: { id, status, output: [], ...more },
});

export const audioDelta = (responseId: string, bytes: number[], itemId = 'item_1') => ({
  type: 'response.output_audio.delta',
  response_id: responseId,
  item_id: itemId,
  output_index: 0,
  content_index: 0,
  delta: Buffer.from(bytes).toString('base64'),
});

export const functionCall = (callId: string, name: string, argumentsJson = '{}') => ({
  id: `item_${callId}`,
  type: 'function_call',
  status: 'completed',
  call_id: callId,
  name,
  arguments: argumentsJson,
});

/** The only wiring: builds each part, hands it what it needs, registers the routes. Who creates closes. */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { Logger } from 'pino';
import { Agents } from './agents.ts';
import { assistantAccess } from './assistants.ts';
import type { EventReader } from './call/ports.ts';
import type { Config } from './config.ts';
import { registerDashboard } from './dashboard/dashboard-routes.ts';
import { LiveCallView } from './dashboard/live-call-view.ts';
import { LiveFeed } from './dashboard/live-feed.ts';
import { registerHealth } from './health.ts';
import { firstLanguage, wordsIn } from './hotel/languages.ts';
import { dialNumbers } from './hotel/own-functions.ts';
import { Toolbox } from './hotel/toolbox.ts';
import { listenOn } from './listening.ts';
import { startLocalRealtime } from './local-realtime/engine-process.ts';
import { localSecret, writeRuntime } from './local-secrets.ts';
import { logReader } from './log.ts';
import { LoopWatch } from './loop-watch.ts';
import { CallTokens } from './mcp/call-token.ts';
import { registerMcp } from './mcp/mcp-server.ts';
import { Metrics } from './metrics.ts';
import { ProviderWatch } from './provider-watch.ts';
import { mcpReach } from './reach.ts';
import { probeRealtime } from './realtime/probe.ts';
import { openRecords } from './records.ts';
import { limitsFor } from './slow-senders.ts';
import { loadAllClips, loadGreeting } from './stored-clips.ts';
import { Switchboard } from './switchboard.ts';
import { systemClock } from './system-clock.ts';
import { toolPlatform } from './tool-platform.ts';
import { restUpdater } from './telephony/call-control.ts';
import { registerVoiceRoutes } from './telephony/voice-routes.ts';

export interface App {
  /** Where this machine reaches us. */
  url: string;
  /** The first staff account's password, when it was made just now. */
  firstPassword: string | undefined;
  /** Calls with somebody on the line. */
  connectedCalls(): number;
  /** Counts a fault that nobody caught. */
  faulted(): void;
  /** No new calls from now on; not ready any more. */
  drain(): void;
  /** Ends what is going on and lets go of everything, in a bounded time. */
  close(): Promise<void>;
}

export interface AppOptions {
  config: Config;
  log: Logger;
  /** More readers of call events, such as a terminal. */
  readers?: readonly EventReader[];
  /** Milliseconds that staff have to answer what a call asks them; 20 s when left out (rule TOOL-50). */
  approvalWaitMs?: number;
}

const MAX_BODY_BYTES = 256 * 1024;

/** @throws an error with one clear line when a part cannot be started; what was started is stopped again. */
export async function startApp(options: AppOptions): Promise<App> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return { ...(await build(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  { config, log, readers = [], approvalWaitMs }: AppOptions,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<App, 'close'>> {
  const records = await openRecords(config, log);
  closers.push(() => records.close());
  const localEngineUrl = await localEngineFor(config, log, closers);
  const app = fastify({ ...limitsFor(), bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  closers.push(() => app.close());

  // The port may be given by the system, so addresses are known once we listen.
  const localUrl = (): string =>
    `http://127.0.0.1:${(app.server.address() as AddressInfo | null)?.port ?? config.port}`;
  const publicUrl = (): string => config.publicUrl ?? localUrl();
  const feed = new LiveFeed();
  closers.push(() => feed.close());
  const live = new LiveCallView(feed);
  const loop = new LoopWatch(log);
  closers.push(() => loop.close());
  const metrics = new Metrics(
    () => switchboard.live.size,
    () => records.guests.figures(),
    () => loop.delay,
    () => platform.servers.statuses(),
  );
  const platform = toolPlatform({
    config,
    records,
    clock: systemClock,
    feed,
    log,
    heldOffers: () => switchboard.heldOffers(),
    reachCalls: (version) => switchboard.toolsChanged(version),
    approvalWaitMs,
  });
  closers.push(() => platform.close());
  const tokens = new CallTokens();
  const toolbox = new Toolbox({
    hotel: config.hotel,
    requests: records.guests.requests,
    stays: records.guests.stays,
    ledger: records.calls,
    clock: systemClock,
    outside: platform.servers,
  });
  const provider = providerWatch(config, log);
  closers.push(() => provider.close());
  const agents = new Agents({
    config,
    log,
    localEngineUrl,
    localUrl,
    outBecause: () => provider.outBecause,
  });
  const switchboard = new Switchboard({
    config,
    clock: systemClock,
    log,
    toolbox,
    tokens,
    readers: [records.calls, live, metrics, logReader(log), provider, platform.reader, ...readers],
    agents,
    clips: loadAllClips(config.hotel.languages, config.hotel.agent.voice),
    countFault: (where) => metrics.faulted(where),
  });
  closers.push(() => switchboard.live.endAll('shutdown'));

  const house = wordsIn(firstLanguage(config.hotel));
  const { accountSid, baseUrl } = config.twilio;
  const authToken = config.twilio.authToken ?? localSecret(config.dataDir, 'twilio-auth-token');
  registerHealth(app, {
    metrics,
    database: records.database,
    isDraining: () => switchboard.live.isDraining,
    metricsToken: config.metricsToken,
  });
  await registerVoiceRoutes(app, {
    publicUrl,
    authToken,
    updateCall: accountSid ? restUpdater(accountSid, authToken, baseUrl) : undefined,
    numbers: dialNumbers(config.hotel),
    frontDesk: config.hotel.front_desk,
    greeting: loadGreeting(firstLanguage(config.hotel), config.hotel.agent.voice),
    apology: house.apology,
    locale: house.locale,
    switchboard,
    clock: systemClock,
  });
  const hosts = (): string[] => [
    new URL(localUrl()).host,
    new URL(publicUrl()).host,
    new URL(localUrl()).host.replace('127.0.0.1', 'localhost'),
  ];
  registerMcp(app, {
    tokens,
    toolsFor: (callId) => switchboard.toolsFor(callId),
    allowedHosts: hosts,
    assistants: assistantAccess({
      hotel: config.hotel,
      records,
      tokens: platform.tokens,
      clock: systemClock,
      publicUrl,
      log,
    }),
  });
  await registerDashboard(app, {
    desk: records.staffDesk,
    feed,
    live,
    tools: platform,
    hotel: config.hotel,
    publicUrl,
    allowedHosts: hosts,
    failed: (err) => log.error({ err }, 'the staff page could not be served'),
  });
  await records.watchRequests(
    (requestId) => void tellViewers(requestId),
    () => feed.startAfresh(),
  );
  await records.watchInstances(
    (event) => {
      for (const reader of [metrics, ...readers]) reader.happened(event);
    },
    (call) => feed.publish('call-ended', call),
  );
  await platform.start();
  await listenOn(app, config.host, config.port);
  noteReach();
  records.guests.start(({ id, draft }, { number }) => {
    const happening = { kind: 'request-confirmed', requestId: id, number } as const;
    // A call that is going on numbers its events itself.
    const call = switchboard.live.get(draft.callId);
    if (call) call.toolHappened(happening);
    else records.calls.happenedLater(draft.callId, happening);
  });
  closers.push(
    writeRuntime(config.dataDir, {
      url: localUrl(),
      pid: process.pid,
      databaseUrl: records.databaseUrl,
      twilioAuthToken: authToken,
    }),
  );
  return {
    url: localUrl(),
    firstPassword: records.firstPassword,
    connectedCalls: () => switchboard.live.connected,
    faulted: () => metrics.faulted('process'),
    drain: () => switchboard.live.drain(),
  };

  async function tellViewers(requestId: string): Promise<void> {
    try {
      const found = await records.staffDesk.request(requestId);
      if (found) feed.publish('request', found.request);
    } catch (error) {
      log.warn({ err: error }, 'a changed request could not be shown');
    }
  }

  function noteReach(): void {
    const reach = mcpReach(config.realtime.kind, config.publicUrl, localUrl());
    log.info(
      {
        url: localUrl(),
        publicUrl: publicUrl(),
        agent: config.realtime.kind,
        tools: 'url' in reach ? 'native' : reach.reason,
      },
      'answering calls',
    );
  }
}

/** @returns where our own engine listens, with its path; undefined when it is neither the agent nor its fallback. */
async function localEngineFor(
  config: Config,
  log: Logger,
  closers: (() => Promise<void> | void)[],
): Promise<string | undefined> {
  if (config.realtime.kind === 'hosted' && config.realtime.fallback === 'desk') return undefined;
  const engine = await startLocalRealtime({
    log: (message) => log.info({ part: 'local-realtime' }, message),
    languages: config.hotel.languages,
  });
  closers.push(() => engine.close());
  return engine.url;
}

function providerWatch({ realtime }: Config, log: Logger): ProviderWatch {
  const probe = async (): Promise<boolean> =>
    realtime.kind === 'hosted' && probeRealtime(realtime.baseUrl, realtime.model, realtime.apiKey);
  return new ProviderWatch(probe, log);
}

/** All that can be wrong with an installation, looked at one by one. Each finding is a sentence with its mend. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigError, readConfig, type Config } from '../../src/config.ts';
import { startLocalRealtime } from '../../src/local-realtime/engine-process.ts';
import { readRuntime } from '../../src/local-secrets.ts';
import { mcpReach } from '../../src/reach.ts';
import { listNumbers, openAccount, ourSettings, type CarrierNumber } from './number.ts';
import { carrierTrouble, probeCarrier, probeDatabase, probeModel, wrong, type Finding } from './probes.ts';
import { probePublicAddress, probeSignature } from './public-address.ts';

const NEEDED_NODE = 24;

/** Tells each finding as soon as it is made. @returns whether nothing is wrong. */
export async function examine(
  environment: NodeJS.ProcessEnv,
  folder: string,
  tell: (finding: Finding) => void,
): Promise<boolean> {
  let isSound = true;
  const note = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      isSound &&= finding.state !== 'wrong';
      tell(finding);
    }
  };
  note([nodeVersion(process.versions.node), ...environmentFile(resolve(folder, '.env'))]);
  const config = configuration(environment, folder);
  if (Array.isArray(config)) {
    note(config);
    return false;
  }
  note([{ state: 'good', sentence: `The configuration is sound (${basename(config.hotelFile)}).` }, ...hotel(config)]);
  note([dataFolder(config.dataDir), await database(config), await agent(config)]);
  note(await phone(config));
  return isSound;
}

function nodeVersion(version: string): Finding {
  return Number(version.split('.')[0]) >= NEEDED_NODE
    ? { state: 'good', sentence: `Node ${version} is new enough.` }
    : wrong(`Node ${version} is too old.`, 'Start by npm run …, which fetches a newer one.');
}

function environmentFile(file: string): Finding[] {
  if (!existsSync(file)) return [];
  const isOpen = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
  return isOpen ? [wrong('.env can be read by others on this machine.', 'chmod 600 .env')] : [];
}

function configuration(environment: NodeJS.ProcessEnv, folder: string): Config | Finding[] {
  try {
    return readConfig(environment, folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map((mistake) => wrong(`${mistake}.`, 'Mend it there.'));
  }
}

function hotel(config: Config): Finding[] {
  if (basename(config.hotelFile) !== 'bellhop.example.yaml') return [];
  const sentence = `Bellhop answers for the example, ${config.hotel.name}.`;
  const mend = 'Copy bellhop.example.yaml to bellhop.yaml and make it yours.';
  // Its numbers belong to nobody: with a real phone, guests would be put through to nowhere.
  return [config.twilio.accountSid ? wrong(sentence, mend) : { state: 'note', sentence, mend }];
}

function dataFolder(folder: string): Finding {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return { state: 'good', sentence: `The data folder ${folder} can be written.` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return wrong(`The data folder ${folder} cannot be written (${code}).`, 'Change its rights, or set DATA_DIR.');
  }
}

async function database(config: Config): Promise<Finding> {
  const url = config.databaseUrl ?? readRuntime(config.dataDir)?.databaseUrl;
  if (url !== undefined) return probeDatabase(url);
  return { state: 'good', sentence: 'The embedded database starts together with Bellhop.' };
}

async function agent({ realtime }: Config): Promise<Finding> {
  if (realtime.kind === 'hosted') return probeModel(realtime);
  try {
    const engine = await startLocalRealtime({ log: () => {} });
    await engine.close();
    return {
      state: 'good',
      sentence: 'The local engine hears and speaks; OPENAI_API_KEY would bring the hosted agent.',
    };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return wrong(`The local engine does not start: ${why}.`, 'Remove node_modules and start again.');
  }
}

async function phone(config: Config): Promise<Finding[]> {
  const { accountSid, authToken, baseUrl } = config.twilio;
  if (!accountSid || !authToken)
    return [{ state: 'note', sentence: 'No carrier’s account is set, so no real phone rings.', mend: 'npm run setup' }];
  const account = { accountSid, authToken, baseUrl };
  const opened = await probeCarrier(account);
  const { publicUrl } = config;
  if (publicUrl === undefined)
    return [opened, { state: 'note', sentence: 'PUBLIC_URL is not set.', mend: 'npm run phone opens a tunnel.' }];
  const reached = await probePublicAddress(publicUrl);
  const findings = [opened, reached];
  if (reached.state === 'good') findings.push(await probeSignature(publicUrl, authToken), tools(config, publicUrl));
  if (opened.state === 'good') findings.push(await numbers(config, account, publicUrl));
  return findings;
}

function tools(config: Config, publicUrl: string): Finding {
  const reach = mcpReach(config.realtime.kind, publicUrl, publicUrl);
  return 'url' in reach
    ? { state: 'good', sentence: 'The agent calls the hotel’s tools natively.' }
    : { state: 'note', sentence: `Tools are offered as functions: ${reach.reason}.`, mend: 'Calls work all the same.' };
}

async function numbers(
  config: Config,
  account: { accountSid: string; authToken: string; baseUrl: string | undefined },
  publicUrl: string,
): Promise<Finding> {
  try {
    const found = await listNumbers(openAccount(account));
    if (found.length === 0) return wrong('The account has no number that can be called.', 'Buy one in its console.');
    const wanted = ourSettings(publicUrl, config.hotel);
    const ours = found.filter(({ settings }) => settings.voiceUrl === wanted.voiceUrl);
    if (ours.length === 0)
      return wrong(`No number of the account leads to ${wanted.voiceUrl}.`, 'npm run phone sets it.');
    return (
      ours.map((number) => webhooks(number, wanted)).find(({ state }) => state !== 'good') ?? {
        state: 'good',
        sentence: `${ours.map(({ number }) => number).join(', ')} leads here, and to the desk when we fail.`,
      }
    );
  } catch (error) {
    return carrierTrouble(error);
  }
}

function webhooks({ number, settings }: CarrierNumber, wanted: CarrierNumber['settings']): Finding {
  if (settings.voiceApplicationSid || settings.trunkSid)
    return wrong(
      `${number} belongs to an application or a trunk, which wins over its webhook.`,
      'npm run phone mends it.',
    );
  if (settings.voiceMethod !== 'POST') return wrong(`${number} calls us with GET.`, 'Set its method to POST.');
  if (settings.statusCallback !== wanted.statusCallback)
    return wrong(
      `${number} does not tell us when a call is over.`,
      `Set its status callback to ${wanted.statusCallback}`,
    );
  if (!settings.voiceFallbackUrl)
    return wrong(
      `When Bellhop is down, callers of ${number} hear an error.`,
      'npm run phone sets a fallback to the desk.',
    );
  return { state: 'good', sentence: `${number} leads here.` };
}

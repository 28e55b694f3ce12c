/** Asks a service whether what we were given works. Each answer is a sentence, and what to do when it does not. */
import pg from 'pg';
import { restClient, type CarrierAccount } from '../../src/telephony/rest-client.ts';

export type Finding =
  | { state: 'good'; sentence: string }
  /** Works, but not as a hotel wants it. */
  | { state: 'note'; sentence: string; mend: string }
  | { state: 'wrong'; sentence: string; mend: string };

const ANSWER_WITHIN_MS = 8_000;

/** Does the key open the model? @param baseUrl with its path: `https://api.openai.com/v1`. */
export async function probeModel(model: { baseUrl: string; apiKey: string; model: string }): Promise<Finding> {
  const base = model.baseUrl.replace(/^ws/, 'http').replace(/\/+$/, '');
  const url = `${base}/models/${encodeURIComponent(model.model)}`;
  const response = await get(url, { authorization: `Bearer ${model.apiKey}` });
  if (response === undefined)
    return wrong(`${new URL(base).host} does not answer.`, 'Check the network and OPENAI_BASE_URL.');
  if (response === 401) return wrong('The provider refuses OPENAI_API_KEY.', 'Make a new key in its console.');
  if (response === 403) return wrong('OPENAI_API_KEY may not use this model.', 'Give the key the right to it.');
  if (response === 404)
    return wrong(`The provider does not know the model ${model.model}.`, 'Set OPENAI_REALTIME_MODEL to one it has.');
  if (response === 429) return wrong('The provider’s quota is used up.', 'Add credit or wait.');
  if (response !== 200) return wrong(`The provider answers ${response}.`, 'Look at its status page and try again.');
  return { state: 'good', sentence: `OPENAI_API_KEY opens ${model.model}.` };
}

/** Do SID and token open the account, and is it active? */
export async function probeCarrier(account: Omit<CarrierAccount, 'timeoutMs'>): Promise<Finding> {
  try {
    const client = restClient({ ...account, timeoutMs: ANSWER_WITHIN_MS });
    const { status, friendlyName } = await client.api.v2010.accounts(account.accountSid).fetch();
    if (status !== 'active') return wrong(`The Twilio account is ${status}.`, 'Activate it in Twilio’s console.');
    return { state: 'good', sentence: `TWILIO_AUTH_TOKEN opens the account “${friendlyName}”.` };
  } catch (error) {
    return carrierTrouble(error);
  }
}

/** @returns what a failed request to the carrier means. */
export function carrierTrouble(error: unknown): Extract<Finding, { state: 'wrong' }> {
  const { status, message } = error as { status?: number; message?: string };
  if (status === 401 || status === 403 || status === 404)
    return wrong(
      'Twilio refuses TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN.',
      'Copy both from the first page of Twilio’s console.',
    );
  if (status === undefined) return wrong('Twilio does not answer.', 'Check the network and TWILIO_BASE_URL.');
  return wrong(`Twilio answers ${status}: ${message ?? ''}`, 'Look at its debugger.');
}

/** @param url `postgres://…`. The password is never part of the answer. */
export async function probeDatabase(url: string): Promise<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_WITHIN_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`);
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    return { state: 'good', sentence: `The database answers (PostgreSQL ${major}).` };
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors[0] : error;
    const host = URL.parse(url)?.host ?? 'the database';
    return wrong(
      `The database at ${host} cannot be used: ${why instanceof Error ? why.message : String(why)}.`,
      'Check DATABASE_URL and that the server runs, or leave it empty for the embedded one.',
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** @returns the status, or undefined when there was no answer. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: 'manual' });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

export function wrong(sentence: string, mend: string): Extract<Finding, { state: 'wrong' }> {
  return { state: 'wrong', sentence, mend };
}

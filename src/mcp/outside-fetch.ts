/**
 * `fetch` for addresses that others chose: judged before the name is looked up and after, connected to exactly what was
 * judged, and never led elsewhere (T10). Certificates are checked, answers are bounded.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { callbackify } from 'node:util';
import { Agent, buildConnector, fetch as fetchOf, type RequestInit as AgentRequestInit } from 'undici';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  checkOutsideUrl,
  mistakeOfAddress,
  OutsideAddressError,
  reachOf,
  type OutsideRules,
  type Reach,
} from './outside-address.ts';
import { boundedAnswer } from './bounded-answer.ts';

export interface OutsideFetchOptions extends OutsideRules {
  /** Of an answer after decompression; of a stream of events, of each event. */
  maxBytes: number;
  /** Milliseconds until a connection stands, its name looked up and its certificate checked. */
  connectWithinMs: number;
  /** All addresses of a name; the operating system's when left out. */
  resolve?: (hostname: string) => Promise<readonly string[]>;
}

/**
 * @returns a `fetch` for all tool servers together; it keeps connections open between requests.
 * It rejects with OutsideAddressError when the address is not allowed or answers with a redirect, with AnswerTooLargeError
 * (also while the body is read), with what the network says, or with the reason of an aborted signal.
 */
export function outsideFetch(options: OutsideFetchOptions): FetchLike {
  const dispatcher = new Agent({ connect: checkingConnector(options), connections: 32 });
  return async (target, init = {}) => {
    const text = String(target);
    const mistake = checkOutsideUrl(text, options);
    if (mistake !== undefined) throw new OutsideAddressError(mistake);
    const request = { ...init, dispatcher, redirect: 'manual', credentials: 'omit' } as AgentRequestInit;
    const response = await fetchOf(text, request).catch((error: unknown) => {
      throw addressErrorIn(error) ?? error;
    });
    if (response.status >= 300 && response.status < 400 && response.headers.has('location')) {
      void response.body?.cancel();
      throw new OutsideAddressError(redirectMistake(text, response.headers.get('location') ?? ''));
    }
    return boundedAnswer(response as unknown as Response, options.maxBytes);
  };
}

/** Connects to addresses that were judged, and to no others: the name is looked up once, here. */
function checkingConnector(options: OutsideFetchOptions): buildConnector.connector {
  const { connectWithinMs: timeout, resolve = resolveBySystem } = options;
  return (target, callback) => {
    const port = target.port === '' ? '' : `:${target.port}`;
    const reach = reachOf(new URL(`${target.protocol}//${target.hostname}${port}`), options);
    const lookupChecked = callbackify(async (hostname: string) => judged(hostname, await resolve(hostname), reach));
    // One connector for each connection, since the port belongs to the judgement and a lookup does not hear of it.
    const connect = buildConnector({
      timeout,
      // All addresses are asked for, so that the answer is always a list.
      autoSelectFamily: true,
      lookup: (hostname, _options, done) => lookupChecked(hostname, done),
      rejectUnauthorized: true,
      allowH2: false,
    });
    return connect(target, callback);
  };
}

/** @throws OutsideAddressError when one of them is not allowed, or there is none. */
function judged(hostname: string, addresses: readonly string[], reach: Reach): LookupAddress[] {
  const mistake = addresses.map((address) => mistakeOfAddress(address, reach)).find((found) => found !== undefined);
  if (mistake !== undefined) throw new OutsideAddressError(`${hostname} is not allowed: ${mistake}`);
  if (addresses.length === 0) throw new OutsideAddressError(`${hostname} has no address`);
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

async function resolveBySystem(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

/** Without what stands behind the path: it may hold secrets. */
function redirectMistake(from: string, location: string): string {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  const named = to ? `${to.origin === 'null' ? to.protocol : to.origin}${to.pathname}`.slice(0, 200) : 'nowhere';
  return `${new URL(from).host} answers with a redirect to ${named}: enter that address itself if you trust it`;
}

function addressErrorIn(error: unknown): OutsideAddressError | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof OutsideAddressError) return cause;
    const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
    if (first instanceof OutsideAddressError) return first;
  }
  return undefined;
}

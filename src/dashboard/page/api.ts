/** Asks the server. Every answer that is no success is a value: what went wrong, in words for staff. */
import type { AsJson, CallPageJson, Conflict, Me, RequestJson, RequestPage } from '../wire.ts';

/** `C`: what an answer 409 tells. */
export type Answer<T, C = AsJson<Conflict>> =
  | { kind: 'ok'; value: T }
  /** The sign-in has ended. */
  | { kind: 'signed-out' }
  | { kind: 'conflict'; conflict: C }
  /** `mistakes`: what of a body is wrong, one by one. */
  | { kind: 'problem'; message: string; status: number; mistakes: string[] };

let csrfToken = '';

export async function whoAmI(): Promise<Answer<Me>> {
  const answer = await ask<Me>('me');
  if (answer.kind === 'ok') ({ csrfToken } = answer.value);
  return answer;
}

/** @returns undefined when it worked, otherwise what to tell. */
export async function signIn(login: string, password: string): Promise<string | undefined> {
  const answer = await ask('sign-in', { login, password });
  if (answer.kind === 'signed-out') return 'Name or password is wrong.';
  return answer.kind === 'problem' ? answer.message : undefined;
}

export const signOut = (): Promise<Answer<undefined>> => ask('sign-out', {});

export const requestPage = (id: string): Promise<Answer<AsJson<RequestPage>>> => ask(`requests/${id}`);

export const callPage = (id: string): Promise<Answer<CallPageJson>> => ask(`calls/${id}`);

export const changeStatus = (
  { id, version }: RequestJson,
  status: RequestJson['status'],
): Promise<Answer<{ request: RequestJson }>> => ask(`requests/${id}/status`, { version, status });

/** A GET, or a POST when there is a `body`. @param method where it is another one. */
export async function ask<T, C = AsJson<Conflict>>(
  path: string,
  body?: object,
  method?: string,
): Promise<Answer<T, C>> {
  try {
    const response = await fetch(`/staff/api/${path}`, body || method ? writeOf(body, method) : undefined);
    const text = await response.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return { kind: 'ok', value: value as T };
    if (response.status === 401) return { kind: 'signed-out' };
    if (response.status === 409) return { kind: 'conflict', conflict: value as C };
    return { kind: 'problem', message: messageIn(value), status: response.status, mistakes: mistakesIn(value) };
  } catch {
    const message = 'Bellhop cannot be reached. Please try again.';
    return { kind: 'problem', message, status: 0, mistakes: [] };
  }
}

function writeOf(body: object | undefined, method = 'POST'): RequestInit {
  const headers = { 'x-csrf-token': csrfToken };
  if (!body) return { method, headers };
  return { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function messageIn(value: unknown): string {
  const told = value !== null && typeof value === 'object' && 'error' in value ? value.error : undefined;
  return typeof told === 'string' ? told : 'That did not work. Please try again.';
}

function mistakesIn(value: unknown): string[] {
  const told = value !== null && typeof value === 'object' && 'mistakes' in value ? value.mistakes : undefined;
  return Array.isArray(told) ? told.map(String) : [];
}

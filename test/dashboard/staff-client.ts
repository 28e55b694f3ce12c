/** A member of staff without a browser: signs in, asks, writes, and listens to the live feed. */

export interface StaffClient {
  cookie: string;
  csrfToken: string;
  get(path: string): Promise<Response>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Response>;
  /** A write by another method than POST. */
  send(method: 'PUT' | 'DELETE', path: string, body?: object): Promise<Response>;
  /** Opens the feed. @param lastSeenId resumes after it. */
  listen(lastSeenId?: string): Promise<FeedEar>;
}

export interface HeardEvent {
  id: string;
  kind: string;
  data: unknown;
}

export interface FeedEar {
  status: number;
  /** @returns the next event of this kind, about this id when one is given; what comes between is passed over. */
  next(kind: string, id?: string): Promise<HeardEvent>;
  close(): void;
}

export const signInAs = (url: string, login: string, password: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/staff/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify({ login, password }),
  });

export async function staffClient(url: string, login: string, password: string): Promise<StaffClient> {
  const signedIn = await signInAs(url, login, password);
  if (!signedIn.ok) throw new Error(`sign-in answered ${signedIn.status}`);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const get = (path: string): Promise<Response> => fetch(`${url}/staff/api/${path}`, { headers: { cookie } });
  const { csrfToken } = (await (await get('me')).json()) as { csrfToken: string };
  return {
    cookie,
    csrfToken,
    get,
    post: (path, body, headers = {}) =>
      fetch(`${url}/staff/api/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, origin: url, 'x-csrf-token': csrfToken, ...headers },
        body: JSON.stringify(body),
      }),
    send: (method, path, body) =>
      fetch(`${url}/staff/api/${path}`, {
        method,
        headers: {
          cookie,
          origin: url,
          'x-csrf-token': csrfToken,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    listen: (lastSeenId) => listen(url, { cookie, ...(lastSeenId ? { 'last-event-id': lastSeenId } : {}) }),
  };
}

async function listen(url: string, headers: Record<string, string>): Promise<FeedEar> {
  const abort = new AbortController();
  const response = await fetch(`${url}/staff/api/feed`, { headers, signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    async next(kind, id) {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const event = parse(text.slice(0, end));
          text = text.slice(end + 2);
          if (event.kind === kind && (id === undefined || (event.data as { id?: string }).id === id)) return event;
          continue;
        }
        const part = await reader?.read();
        if (!part || part.done) throw new Error(`the feed ended before ${kind}`);
        text += part.value;
      }
    },
    close: () => abort.abort(),
  };
}

function parse(block: string): HeardEvent {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  return { id: field('id'), kind: field('event'), data: JSON.parse(field('data') || 'null') as unknown };
}

import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInAs, staffClient, type StaffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

let stage: StaffDeskStage;
let ann: StaffClient;
let viewer: StaffClient;

beforeAll(async () => {
  stage = await openStaffDesk();
  ann = await staffClient(stage.url, 'ann', await stage.hire('ann', 'Ann', 'agent'));
  viewer = await staffClient(stage.url, 'vic', await stage.hire('vic', 'Vic', 'viewer'));
});

afterAll(() => stage.close());

describe('signing in', () => {
  it('[T9] the cookie is out of reach for scripts and other sites', async () => {
    const password = await stage.hire('cookie', 'Cookie', 'agent');
    const answer = await signInAs(stage.url, 'cookie', password);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^bellhop_staff=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('[T9] each sign-in gets a new token, and the one before ends', async () => {
    const password = await stage.hire('twice', 'Twice', 'agent');
    const first = await staffClient(stage.url, 'twice', password);
    const again = await signInAs(stage.url, 'twice', password, { cookie: first.cookie });
    expect(again.headers.getSetCookie()[0]).not.toContain(first.cookie);
    expect((await first.get('me')).status).toBe(401);
  });

  it('[T9] after five wrong tries not even the right password is let in', async () => {
    const password = await stage.hire('locked', 'Locked', 'agent');
    const wrong = await Promise.all([1, 2, 3, 4, 5].map(() => signInAs(stage.url, 'locked', 'wrong')));
    expect(wrong.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect((await signInAs(stage.url, 'locked', password)).status).toBe(429);
  });

  it('[T9] who guesses through the tunnel locks out themselves, and not those who are elsewhere', async () => {
    const password = await stage.hire('guessed', 'Guessed', 'agent');
    const through = (given: string, ...forwarded: string[]) =>
      signInAs(stage.url, 'guessed', given, { 'x-forwarded-for': forwarded.join(', ') });
    // What the guesser writes into the header comes before what the tunnel appends.
    for (const claimed of ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'])
      await through('wrong', claimed, '203.0.113.9');
    expect((await through(password, '10.0.0.6', '203.0.113.9')).status).toBe(429);
    expect((await through(password, '198.51.100.7')).status).toBe(200);
    expect((await signInAs(stage.url, 'guessed', password)).status).toBe(200);
  });

  it('an unknown name and a wrong password are told the same', async () => {
    await stage.hire('known', 'Known', 'agent');
    const answers = [await signInAs(stage.url, 'known', 'x'), await signInAs(stage.url, 'nobody', 'x')];
    const [known, unknown] = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
    expect(known).toEqual(unknown);
  });

  it('[T9] a sign-in from another page is refused', async () => {
    expect((await signInAs(stage.url, 'ann', 'x', { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('a name with signs that the records do not take is no fault of theirs', async () => {
    expect((await signInAs(stage.url, 'an\u0000n', 'x')).status).toBe(400);
    expect(stage.failures).toEqual([]);
  });

  it('signing out ends the token', async () => {
    const member = await staffClient(stage.url, 'out', await stage.hire('out', 'Out', 'agent'));
    expect((await member.post('sign-out', {})).status).toBe(204);
    expect((await member.get('me')).status).toBe(401);
  });

  it('[T9] behind https the cookie is Secure and bound to the host', async () => {
    const outside = await openStaffDesk('https://hotel.example');
    try {
      const password = await outside.hire('sec', 'Sec', 'agent');
      const headers = { origin: 'https://hotel.example', 'x-forwarded-proto': 'https' };
      const answer = await signInAs(outside.url, 'sec', password, headers);
      expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-bellhop_staff=.*Secure/);
      expect(answer.headers.get('strict-transport-security')).toBeTruthy();
    } finally {
      await outside.close();
    }
  });
});

describe('what needs a sign-in', () => {
  it.each(['me', 'feed', `requests/${uuidv7()}`, `calls/${uuidv7()}`])('%s', async (path) => {
    expect((await fetch(`${stage.url}/staff/api/${path}`)).status).toBe(401);
  });

  it('a request that does not exist and an id that is none are not found', async () => {
    expect((await ann.get(`requests/${uuidv7()}`)).status).toBe(404);
    expect((await ann.get('requests/x')).status).toBe(404);
  });
});

describe('changing a request', () => {
  const change = (client: StaffClient, id: string, version: number, status: string, headers = {}) =>
    client.post(`requests/${id}/status`, { version, status }, headers);

  it('changes it, with who and what in its history', async () => {
    const { id } = await stage.request();
    const answer = await change(ann, id, 1, 'accepted');
    expect(await answer.json()).toMatchObject({ request: { status: 'accepted', version: 2 } });
    const page = (await (await ann.get(`requests/${id}`)).json()) as { history: unknown[] };
    expect(page.history.at(-1)).toMatchObject({ by: 'Ann', what: 'status: new -> accepted' });
  });

  it('an old version is answered 409 with how it stands now and who was faster', async () => {
    const { id } = await stage.request();
    await change(ann, id, 1, 'accepted');
    const answer = await change(ann, id, 1, 'done');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ changedBy: 'Ann', request: { status: 'accepted', version: 2 } });
  });

  it('of two at the same time one wins', async () => {
    const { id } = await stage.request();
    const answers = await Promise.all([change(ann, id, 1, 'accepted'), change(ann, id, 1, 'done')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('a move that is none is refused and changes nothing', async () => {
    const { id } = await stage.request();
    await change(ann, id, 1, 'cancelled');
    expect((await change(ann, id, 2, 'done')).status).toBe(422);
  });

  it('[T9] a viewer may look but not change', async () => {
    const { id } = await stage.request();
    expect((await viewer.get(`requests/${id}`)).status).toBe(200);
    expect((await change(viewer, id, 1, 'done')).status).toBe(403);
  });

  it.each([
    ['without its token', { 'x-csrf-token': '' }],
    ['with another one’s token', { 'x-csrf-token': 'x'.repeat(43) }],
    ['from another page', { origin: 'https://evil.example' }],
    ['from nowhere', { origin: 'null' }],
  ])('[T9] a write %s is refused', async (_name, headers) => {
    const { id } = await stage.request();
    expect((await change(ann, id, 1, 'done', headers)).status).toBe(403);
    expect((await stage.records.requests.get(id))?.request.version).toBe(1);
  });

  it.each([{}, { version: 1, status: 'gone' }, { version: '1', status: 'done' }])(
    '%j is not understood',
    async (body) => {
      const { id } = await stage.request();
      expect((await ann.post(`requests/${id}/status`, body)).status).toBe(400);
    },
  );
});

describe('the page', () => {
  it('[T18] may run and ask nothing but its own', async () => {
    const answer = await fetch(`${stage.url}/staff/`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(await answer.text()).not.toMatch(/<script>|style=|onclick/);
  });

  it('its modules come without types, and not again while they are the same', async () => {
    const first = await fetch(`${stage.url}/staff/page/main.ts`);
    expect(first.headers.get('content-type')).toContain('text/javascript');
    expect(await first.text()).not.toContain('interface View');
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch(`${stage.url}/staff/page/main.ts`, { headers: { 'if-none-match': etag } });
    expect(second.status).toBe(304);
  });

  it('gives nothing but its files', async () => {
    expect((await fetch(`${stage.url}/staff/page/..%2Fsign-in.ts`)).status).toBe(404);
  });
});

describe('a call’s record', () => {
  it('shows what was said, its tools and its requests', async () => {
    const callId = uuidv7();
    stage.happen(
      callId,
      { kind: 'answered', carrier: 'test', from: '+15550199', to: '+15550100', agent: 'local' },
      { kind: 'guest-said', turnId: 'g', order: 1, text: 'Two towels please' },
      { kind: 'agent-said', turnId: 'a', order: 2, text: 'Which room?', heardMs: 800, wasCutOff: false },
      { kind: 'ended', reason: 'caller-hung-up', durationMs: 4_000 },
    );
    const { number } = await stage.request({ callId });
    await stage.records.calls.flush(5_000);
    const page: unknown = await (await ann.get(`calls/${callId}`)).json();
    expect(page).toMatchObject({
      call: { from: '+15550199', endReason: 'caller-hung-up' },
      turns: [{ speaker: 'guest' }, { speaker: 'agent' }],
      requests: [{ number }],
    });
  });
});

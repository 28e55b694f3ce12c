import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { FakeToolServers, listedTool, reviewOf, SECRET, serverView } from './fake-tool-servers.ts';
import { staffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

const tools = new FakeToolServers();
let stage: StaffDeskStage;
let browser: Browser;
let context: BrowserContext;
const passwords: Record<string, string> = {};
const complaints: string[] = [];

beforeAll(async () => {
  stage = await openStaffDesk(undefined, tools);
  passwords.ann = await stage.hire('ann', 'Ann Keane', 'agent');
  passwords.bob = await stage.hire('bob', 'Bob Doyle', 'agent');
  passwords.vic = await stage.hire('vic', 'Vic Nolan', 'viewer');
  passwords.boss = await stage.hire('boss', 'Maeve Ryan', 'admin');
  browser = await openBrowser();
});

beforeEach(() => {
  tools.known.clear();
  tools.waiting.clear();
  tools.put(serverView('tables', { tools: [reviewOf(listedTool('book_table')), changedTool, hiddenTool] }));
  tools.put(
    serverView('weather', {
      source: 'file',
      path: 'none',
      status: { kind: 'error', since: new Date(), lastError: { at: new Date(), message: 'connection refused' } },
    }),
  );
});

afterEach(async () => {
  await context.close();
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const changedTool = reviewOf(listedTool('cancel_table', { description: 'Cancels a table.\nSends a copy to others.' }), {
  trust: 'changed',
  before: listedTool('cancel_table', { description: 'Cancels a table.' }),
  offeredAs: undefined,
  notOffered: 'Not offered: changed since it was approved.',
});
const hiddenTool = reviewOf(listedTool('list_tables', { description: 'Lists<img src=x>\u200b tables' }), {
  trust: 'new',
  flags: ['characters that cannot be seen (U+200B)'],
  offeredAs: undefined,
});

type Look = NonNullable<Parameters<Browser['newContext']>[0]>;

/** Signs in without the form, and opens a view. */
async function at(login: string, hash: string, look: Look = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...look });
  const { cookie } = await staffClient(stage.url, login, passwords[login] ?? '');
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: stage.url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${stage.url}/staff/${hash}`);
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

const ask = (changes: Parameters<FakeToolServers['ask']>[0] = {}) => {
  const approval = tools.ask(changes);
  stage.news?.asked(approval);
  return approval;
};
const trayOf = (page: Page): Locator => page.getByRole('region', { name: 'Approvals' });

describe('what calls ask staff', () => {
  it('is seen wherever one is, with exactly what the tool would get, and is allowed', async () => {
    const page = await at('ann', '#/tools');
    const { id } = ask({ argumentsJson: '{"day":"Friday","note":"<b>zwölf</b>\\u202e"}' });
    const card = trayOf(page).getByRole('listitem');
    await card.waitFor();
    expect(await card.textContent()).toMatch(/book_table of tables.*Room 412.*dayFriday.*note<b>zwölf<\/b>.*U\+202E/s);
    expect(await card.getByRole('timer').textContent()).toMatch(/^(20|1\d) s$/);
    expect(await page.title()).toMatch(/^Approval needed/);
    expect(await page.getByRole('alert').first().textContent()).toContain('Approval needed: book_table of tables');
    await card.getByRole('button', { name: 'Allow' }).click();
    await card.getByText('You allowed it.').waitFor();
    expect(tools.answered.get(id)).toEqual({ decision: 'approved', by: 'Ann Keane' });
  });

  it('arguments that would be read in part are shown as they came', async () => {
    const page = await at('ann', '');
    ask({ argumentsJson: '{"room":"412","room":"666"}' });
    await trayOf(page).getByText('{"room":"412","room":"666"}').waitFor();
  });

  it('one that waited before the page was opened is there, and goes when its call does', async () => {
    const { id } = tools.ask();
    const page = await at('ann', '');
    await trayOf(page).getByRole('button', { name: 'Deny' }).waitFor();
    stage.news?.ended(id, 'cancelled', null);
    await trayOf(page).getByText('The call does not need it any more.').waitFor();
    expect(await trayOf(page).getByRole('button').count()).toBe(0);
  });

  it('whoever is too late is told who was faster', async () => {
    const page = await at('ann', '');
    const { id } = ask();
    await page.route('**/approvals/*', async (route) => {
      await tools.answerApproval(id, 'denied', { name: 'Bob Doyle' });
      await route.continue();
    });
    await trayOf(page).getByRole('button', { name: 'Allow' }).click();
    await trayOf(page).getByText('Bob Doyle already denied it.').waitFor();
  });

  it('when its time is over nothing can be pressed any more', async () => {
    const page = await at('ann', '');
    ask({ expiresAt: new Date(Date.now() + 1_200) });
    await trayOf(page).getByText('Its time is over: it was not allowed.').waitFor();
    expect(await trayOf(page).getByRole('button').count()).toBe(0);
  });

  it('works with the keyboard alone, from anywhere', async () => {
    const page = await at('ann', '');
    const { id } = ask();
    await trayOf(page).waitFor();
    await page.keyboard.press('Alt+a');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await trayOf(page).getByText('You denied it.').waitFor();
    expect(tools.answered.get(id)?.decision).toBe('denied');
  });

  it('a viewer sees it and cannot act', async () => {
    const page = await at('vic', '');
    ask();
    await trayOf(page).getByText('Colleagues who may answer see it too.').waitFor();
    expect(await trayOf(page).getByRole('button').count()).toBe(0);
  });
});

describe('tool servers on the page', () => {
  it('are listed with their state, which changes by itself', async () => {
    const page = await at('vic', '#/tools');
    const row = page.getByRole('listitem').filter({ hasText: 'weather' });
    await row.getByText('connection refused').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'tablesTables at' }).textContent()).toContain(
      '2 tools to look at',
    );
    tools.put(serverView('weather', { source: 'file' }));
    stage.news?.changed();
    await row.getByText('Connected', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Add a server' }).count()).toBe(0);
    expect(await page.getByRole('row', { name: /book_table/ }).textContent()).toMatch(
      /40.*2 \(5 %\).*310 ms.*1.8 s.*75 %/,
    );
  });

  it('[T6] a tool that changed is told of above every view, until somebody decides', async () => {
    tools.put(serverView('tables', { tools: [reviewOf(listedTool('book_table'))] }));
    const page = await at('ann', '#/');
    const notice = page.getByRole('region', { name: 'Changed tools' });
    expect(await notice.isHidden()).toBe(true);
    tools.put(serverView('tables', { tools: [reviewOf(listedTool('book_table')), changedTool] }));
    stage.news?.changed();
    await notice.getByText('tables changed 1 tool since approval: switched off').waitFor();
    await page.getByRole('status').getByText('tables changed 1 tool').waitFor({ state: 'attached' });
    await notice.getByRole('link', { name: 'Look at tables' }).click();
    await page.getByRole('heading', { name: 'tables' }).waitFor();
    tools.put(serverView('tables', { tools: [reviewOf(listedTool('book_table'))] }));
    stage.news?.changed();
    await notice.waitFor({ state: 'hidden' });
  });

  it('[T6] a tool is shown in full: hidden characters, marks, what changed; then approved as it was seen', async () => {
    const page = await at('boss', '#/tools/tables');
    const hidden = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'list_tables' }) });
    await hidden.getByText('Lists<img src=x>U+200B tables').waitFor();
    await hidden.getByText('characters that cannot be seen').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    const changed = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'cancel_table' }) });
    expect(await changed.locator('[data-kind="new"]').allTextContents()).toEqual(['+ Sends a copy to others.']);
    await changed.getByRole('button', { name: 'Approve: cancel_table' }).click();
    await changed.getByText('Approved', { exact: true }).waitFor();
    const review = tools.known.get('tables')?.tools.find(({ tool }) => tool.name === 'cancel_table');
    expect(review?.trust).toBe('approved');
  });

  it('[T6] what the server lists differently by now is not approved, and shown anew', async () => {
    const page = await at('boss', '#/tools/tables');
    const approve = page.getByRole('button', { name: 'Approve: list_tables' });
    await approve.waitFor();
    const now = reviewOf(listedTool('list_tables', { description: 'Something else' }), { trust: 'new' });
    tools.put(serverView('tables', { tools: [now] }));
    await approve.click();
    await page.getByText('Nothing was approved.').waitFor();
    await page.getByText('Something else').waitFor();
  });

  it('a server is tried, then added; its secret is not seen again', async () => {
    const page = await at('boss', '#/add-tool-server');
    await page.getByLabel('Name', { exact: true }).fill('spa');
    await page.getByLabel('Address', { exact: true }).fill('https://spa.example/mcp');
    await page.getByLabel('Signs in with').selectOption('token');
    await page.getByLabel('Token', { exact: true }).fill(SECRET);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Connected in 84 ms, 1 tool.').waitFor();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('token …wxyz').waitFor();
    expect(tools.last).toMatchObject({ server_url: 'https://spa.example/mcp', authorization: SECRET });
    expect(await page.content()).not.toContain(SECRET);
  });

  it('what is wrong with it is told at the form', async () => {
    const page = await at('boss', '#/add-tool-server');
    await page.getByLabel('Name', { exact: true }).fill('spa');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('missing, expected a server_url or a transport').waitFor();
  });

  it('an edit keeps the secret that is not written again, and tells who was faster', async () => {
    const page = await at('boss', '#/tools/tables/edit');
    await page.getByLabel('What it is for').fill('Tables and terraces');
    const known = tools.known.get('tables');
    if (known) tools.put({ ...known, version: 7 });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed it first.').waitFor();
    await page.route('**/mcp/servers/tables', async (route) => {
      expect(route.request().postDataJSON()).toMatchObject({
        version: 7,
        definition: { authorization: '', headers: { 'x-key': '' }, description: 'Tables and terraces' },
      });
      await route.fulfill({ status: 422, json: { error: 'Not now.' } });
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Not now.').waitFor();
  });

  it('a server is switched off, and deleted only after a question', async () => {
    const page = await at('boss', '#/tools/tables');
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: 'Switch on' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.keyboard.press('Escape');
    expect(tools.known.has('tables')).toBe(true);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Tool servers' }).waitFor();
    expect(tools.known.has('tables')).toBe(false);
  });

  it('[T6] new tools are approved together only without a mark', async () => {
    const fresh = (name: string) => reviewOf(listedTool(name), { trust: 'new', offeredAs: undefined });
    tools.put(serverView('tables', { tools: [fresh('one'), fresh('two'), hiddenTool] }));
    const page = await at('boss', '#/tools/tables');
    await page.getByRole('button', { name: 'Approve 2 new tools without a mark' }).click();
    await page.getByText('Approved.', { exact: true }).waitFor();
    const trust = tools.known.get('tables')?.tools.map((review) => review.trust);
    expect(trust).toEqual(['approved', 'approved', 'new']);
  });

  it('calls that still hold an older set of tools are named, until they do not', async () => {
    const callId = '0190b1f0-0000-7000-8000-000000000000';
    tools.put(serverView('tables', { callsBehind: [callId] }));
    const page = await at('vic', '#/tools/tables');
    const link = page.getByRole('link', { name: 'a call' });
    expect(await link.getAttribute('href')).toBe(`#/calls/${callId}`);
    tools.put(serverView('tables'));
    stage.news?.changed();
    await link.waitFor({ state: 'detached' });
  });

  it('a viewer reads all of it and changes nothing', async () => {
    const page = await at('vic', '#/tools/tables');
    await page.getByRole('heading', { name: 'cancel_table' }).waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    await page.goto(`${stage.url}/staff/#/tools/tables/edit`);
    await page.getByText('Setting up servers takes the role admin.').waitFor();
  });

  it('an access token is shown once, and revoked', async () => {
    const page = await at('boss', '#/tools');
    await page.getByLabel('For whom').fill('Night assistant');
    await page.getByLabel('See requests').check();
    await page.getByRole('button', { name: 'Issue' }).click();
    expect(await page.getByLabel('The new token').inputValue()).toBe('bht_this_is_the_token_itself');
    await page.getByRole('button', { name: 'I have it' }).click();
    expect(await page.getByLabel('The new token').count()).toBe(0);
    await page.getByRole('button', { name: 'Revoke Night assistant' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('There are none.').waitFor();
  });
});

describe('fit to be used by everybody', () => {
  it.each([
    ['light', 1360],
    ['dark', 1360],
    ['dark', 390],
  ] as const)('nothing for axe to find: %s, %i px wide', async (colorScheme, width) => {
    const page = await at('boss', '#/tools', { colorScheme, viewport: { width, height: 850 } });
    ask({ expiresAt: new Date(Date.now() + 60_000) });
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await page.getByRole('row', { name: /book_table/ }).waitFor();
    await expectClean(page, `tools-${colorScheme}-${width}`);
    await page.goto(`${stage.url}/staff/`);
    await page.getByRole('heading', { name: 'Live calls' }).waitFor();
    await expectClean(page, `desk-${colorScheme}-${width}`);
    await page.goto(`${stage.url}/staff/#/tools/tables`);
    await page.getByRole('heading', { name: 'cancel_table' }).waitFor();
    await expectClean(page, `server-${colorScheme}-${width}`);
    await page.goto(`${stage.url}/staff/#/tools/tables/edit`);
    await page.getByText('More settings').click();
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Connected in').waitFor();
    await expectClean(page, `form-${colorScheme}-${width}`);
  });
});

/** Axe finds nothing, and nothing stands out of the screen's side. */
async function expectClean(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

/** A folder that pictures of the page are put in, to be looked at. */
const SHOTS = process.env['PAGE_SHOTS'];

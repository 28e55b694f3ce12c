import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { staffClient } from './staff-client.ts';
import { openStaffDesk, type StaffDeskStage } from './staff-desk.ts';

let stage: StaffDeskStage;
let browser: Browser;
let context: BrowserContext;
const passwords: Record<string, string> = {};
const complaints: string[] = [];

beforeAll(async () => {
  stage = await openStaffDesk();
  passwords.ann = await stage.hire('ann', 'Ann Keane', 'agent');
  passwords.bob = await stage.hire('bob', 'Bob Doyle', 'manager');
  passwords.vic = await stage.hire('vic', 'Vic Nolan', 'viewer');
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

afterEach(async () => {
  await context.close();
  expect(complaints.splice(0)).toEqual([]);
});

type Look = NonNullable<Parameters<Browser['newContext']>[0]>;

/** Opens the page and signs in by its form. */
async function signedIn(login: string, look: Look = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...look });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Refusals that a test brings about are told by the browser too.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${stage.url}/staff/`);
  await page.getByLabel('Name').fill(login);
  await page.getByLabel('Password').fill(passwords[login] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

const answered = { kind: 'answered', carrier: 'test', from: '+15550199', to: '+15550100', agent: 'local' } as const;

describe('a shift at the desk', () => {
  it('a wrong password is told, and the right one then works', async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${stage.url}/staff/`);
    await page.getByLabel('Name').fill('ann');
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Name or password is wrong.').waitFor();
    await page.getByLabel('Password').fill(passwords.ann ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Requests', exact: true }).waitFor();
  });

  it('a request appears by itself, is accepted, and the other screen sees it', async () => {
    const page = await signedIn('ann');
    const { number } = await stage.request({ summary: 'Two extra bath towels', room: '412', isRoomVerified: true });
    const row = page.getByRole('listitem').filter({ hasText: `#${number}` });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/412.*verified.*Two extra bath towels.*Housekeeping.*due in 45 min.*New/s);
    await row.getByRole('button', { name: 'Accept' }).click();
    await row.getByText('Accepted', { exact: true }).waitFor();
    const [saved] = (await stage.records.staffDesk.requests(50)).filter((request) => request.number === number);
    expect(saved?.status).toBe('accepted');
  });

  it('whoever is too late is told who was faster, and sees how it stands', async () => {
    const page = await signedIn('ann');
    const request = await stage.request({ summary: 'The television does not work', department: 'maintenance' });
    const bob = await staffClient(stage.url, 'bob', passwords.bob ?? '');
    await page.route('**/status', async (route) => {
      await bob.post(`requests/${request.id}/status`, { version: 1, status: 'in-progress' });
      await route.continue();
    });
    const row = page.getByRole('listitem').filter({ hasText: `#${request.number}` });
    await row.getByRole('button', { name: 'Accept' }).click();
    await row.getByText('Bob Doyle changed it first.').waitFor();
    await row.getByText('In progress', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Understood' }).click();
    expect(await row.getByText('Bob Doyle').isVisible()).toBe(false);
  });

  it('a live call shows both sides as they speak, and its record afterwards', async () => {
    const page = await signedIn('bob');
    const callId = uuidv7();
    stage.happen(callId, answered, { kind: 'phase-changed', from: 'ringing', to: 'talking' });
    stage.live.words({ callId, speaker: 'guest', turnId: 'g', text: 'Could I have' });
    const call = page.getByRole('article').filter({ hasText: '+15550199' });
    await call.getByText('Could I have').waitFor();
    stage.happen(
      callId,
      { kind: 'guest-said', turnId: 'g', order: 1, text: 'Could I have two towels?' },
      { kind: 'agent-said', turnId: 'a', order: 2, text: 'Certainly.', heardMs: 600, wasCutOff: false },
    );
    await call.getByText('Certainly.').waitFor();
    expect(await call.getByText('Could I have', { exact: true }).count()).toBe(0);
    await call.getByRole('link').click();
    stage.happen(
      callId,
      { kind: 'turn-answered', latencyMs: 4_230 },
      { kind: 'audio-gap', turnId: 'a', gapMs: 700 },
      { kind: 'ended', reason: 'caller-hung-up', durationMs: 2_000 },
    );
    await page.getByRole('heading', { name: 'Call from +15550199' }).waitFor();
    await page.getByText('1, after 4.2 s').waitFor();
    await page.getByText('once, 0.7 s in all').waitFor();
    await page.getByText('guest hung up').waitFor();
    await page.getByText('Certainly.').waitFor();
  });

  it('[T18] what a guest says is only ever text', async () => {
    const page = await signedIn('ann');
    const summary = '<img src=x onerror="document.title=1"><b>bold</b>';
    await stage.request({ summary });
    await page.getByRole('link', { name: summary }).waitFor();
    expect(await page.locator('b').count()).toBe(0);
  });

  it('a viewer sees requests but no button to change them', async () => {
    const page = await signedIn('vic');
    const { number } = await stage.request({ summary: 'A wake-up call at seven', department: 'front-desk' });
    const row = page.getByRole('listitem').filter({ hasText: `#${number}` });
    await row.waitFor();
    expect(await row.getByRole('button', { name: 'Accept' }).count()).toBe(0);
  });

  it('when the server sends viewers away the page comes back by itself with what it missed', async () => {
    const page = await signedIn('ann');
    stage.feed.startAfresh();
    const { number } = await stage.request({ summary: 'More hangers for the wardrobe' });
    await page.getByText(`#${number}`).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('a sign-in that ended elsewhere leads to the form', async () => {
    const page = await signedIn('ann');
    await stage.records.database.deleteFrom('staff_sessions').execute();
    stage.feed.startAfresh();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('works with the keyboard alone', async () => {
    const page = await signedIn('ann');
    const { number } = await stage.request({ summary: 'A taxi to the airport', department: 'concierge' });
    const row = page.getByRole('listitem').filter({ hasText: `#${number}` });
    await row.getByText('More', { exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await row.getByText('In progress', { exact: true }).waitFor();
  });
});

describe('fit to be used by everybody', () => {
  it.each([
    ['light', 1360],
    ['dark', 1360],
    ['dark', 390],
  ] as const)('nothing for axe to find: %s, %i px wide', async (colorScheme, width) => {
    const page = await signedIn('ann', { colorScheme, viewport: { width, height: 850 } });
    const callId = uuidv7();
    stage.happen(
      callId,
      answered,
      { kind: 'guest-said', turnId: 'g', order: 1, text: 'Hello?' },
      { kind: 'language-switched', toolCallId: 't', from: 'en', to: 'fr', told: 'Go on in it.' },
      { kind: 'agent-said', turnId: 'a', order: 2, text: 'Good evening.', heardMs: 600, wasCutOff: true },
    );
    const { id, number } = await stage.request({ summary: 'Water is leaking in the bathroom', priority: 'urgent' });
    await page.getByText('Good evening.').waitFor();
    await page.getByText('the guest asked for French').waitFor();
    await page.getByText(`#${number}`).waitFor();
    await expectClean(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.goto(`${stage.url}/staff/#/requests/${id}`);
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await expectClean(page);
    stage.happen(callId, { kind: 'ended', reason: 'caller-hung-up', durationMs: 2_000 });
    await stage.records.calls.flush(3_000);
    await page.goto(`${stage.url}/staff/#/calls/${callId}`);
    await page.getByRole('heading', { name: 'What was said' }).waitFor();
    await page.getByText('the guest asked for French').waitFor();
    await expectClean(page);
  });

  it.each(['light', 'dark'] as const)('nothing for axe to find at the sign-in: %s', async (colorScheme) => {
    context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await page.goto(`${stage.url}/staff/`);
    await page.getByLabel('Name').waitFor();
    await expectClean(page);
  });
});

async function expectClean(page: Page): Promise<void> {
  // Colours are looked at when nothing moves any more.
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

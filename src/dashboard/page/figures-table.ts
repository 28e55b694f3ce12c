/** How tools did in the last 24 hours: calls, failures, times. */
import type { Desk } from './desk.ts';
import { element } from './dom.ts';
import { figures, type FiguresJson } from './tool-api.ts';
import { clockTime } from './words.ts';

const REFRESH_MS = 30_000;
const WORDS = ['Server', 'Tool'];
const NUMBERS = ['Calls', 'Failed', 'Median', '95 %', 'By the model’s side'];

export function openFigures(desk: Desk): { element: HTMLElement; close(): void } {
  const body = element('tbody');
  const column = (name: string, kind: string): HTMLElement => element('th', { scope: 'col', class: kind }, name);
  const head = element(
    'tr',
    {},
    ...WORDS.map((name) => column(name, 'words')),
    ...NUMBERS.map((name) => column(name, 'number')),
    column('Last error', 'words'),
  );
  // The table is wider than a phone: it scrolls in its own box, which the keyboard reaches.
  const box = element(
    'div',
    { class: 'table card', role: 'region', 'aria-label': 'Figures by tool', tabindex: '0' },
    element('table', {}, element('thead', {}, head), body),
  );
  const told = element('p', { class: 'nothing card', role: 'status' }, 'Loading …');
  let isClosed = false;
  box.hidden = true;
  void load();
  const refreshing = setInterval(() => void load(), REFRESH_MS);
  return {
    element: element(
      'section',
      { 'aria-labelledby': 'figures' },
      element('h2', { id: 'figures' }, 'The last 24 hours'),
      box,
      told,
    ),
    close() {
      isClosed = true;
      clearInterval(refreshing);
    },
  };

  async function load(): Promise<void> {
    const answer = await figures();
    if (isClosed) return;
    if (answer.kind === 'signed-out') return desk.signedOut();
    if (answer.kind !== 'ok') {
      told.textContent = answer.kind === 'problem' ? answer.message : '';
      told.hidden = false;
      return;
    }
    const rows = answer.value.figures;
    body.replaceChildren(...rows.map((row) => rowOf(desk, row)));
    box.hidden = rows.length === 0;
    told.hidden = rows.length > 0;
    told.textContent = 'No tool was called.';
  }
}

function rowOf(desk: Desk, { server, tool, calls, failures, p50Ms, p95Ms, nativeShare, lastError }: FiguresJson) {
  const number = (text: string): HTMLElement => element('td', { class: 'number' }, text);
  const error = lastError === null ? '–' : `${clockTime(desk.me, lastError.at, desk.nowMs())}: ${lastError.message}`;
  return element(
    'tr',
    {},
    element('td', {}, server),
    element('th', { scope: 'row' }, tool),
    number(String(calls)),
    number(failures === 0 ? '0' : `${failures} (${percent(failures / Math.max(1, calls))})`),
    number(time(p50Ms)),
    number(time(p95Ms)),
    number(percent(nativeShare)),
    element('td', { class: 'error' }, error),
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const time = (ms: number | null): string =>
  ms === null ? '–' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

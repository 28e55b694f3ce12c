/** The cards of what calls ask staff, above every view: who, what exactly, how long still, allow or deny. */
import type { AskedApproval } from './approval-board.ts';
import type { Desk } from './desk.ts';
import { button, element, KeyedList, setText, type Row } from './dom.ts';
import { visible } from './visible-text.ts';

const TICK_MS = 250;
/** A click so soon after the cards moved was meant for something else. */
const SETTLE_MS = 600;

/** @param fallback gets the focus when the card that had it goes. */
export function openApprovalTray(desk: Desk, fallback: HTMLElement): { element: HTMLElement; close(): void } {
  const list = element('ul', { class: 'approvals' });
  const tray = element('section', { class: 'tray', 'aria-label': 'Approvals' }, list);
  const rows = new KeyedList<AskedApproval>(
    list,
    ({ approval }) => approval.id,
    (asked) => openCard(desk, asked),
    fallback,
  );
  let shownIds = '';
  update();
  const unwatch = desk.watch(update);
  const ticking = setInterval(() => {
    desk.approvals.pass();
    update();
  }, TICK_MS);
  document.addEventListener('keydown', leadThere);
  return {
    element: tray,
    close() {
      unwatch();
      clearInterval(ticking);
      document.removeEventListener('keydown', leadThere);
    },
  };

  function update(): void {
    const { shown } = desk.approvals;
    const ids = shown.map(({ approval }) => approval.id).join();
    if (ids !== shownIds) settle(list);
    shownIds = ids;
    tray.hidden = shown.length === 0;
    rows.show(shown);
  }

  /** Twenty seconds are too short for tabbing through a long page. */
  function leadThere(event: KeyboardEvent): void {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyA') return;
    const first = list.querySelector<HTMLElement>('.approval[data-state="waiting"] .answers:not([hidden]) button');
    if (!first) return;
    event.preventDefault();
    first.focus();
  }
}

/** Cards that came or went push the others: for a moment they cannot be clicked. Keys still work. */
function settle(list: HTMLElement): void {
  const until = String(Date.now() + SETTLE_MS);
  list.dataset.settling = until;
  setTimeout(() => {
    if (list.dataset.settling === until) delete list.dataset.settling;
  }, SETTLE_MS);
}

function openCard(desk: Desk, asked: AskedApproval): Row<AskedApproval> {
  const { approval } = asked;
  const { id, tool, server, room, callId } = approval;
  const answer = (decision: 'approved' | 'denied') => (): void => void desk.approvals.answer(id, decision);
  const allow = button('Allow', 'primary', answer('approved'));
  const deny = button('Deny', 'deny', answer('denied'));
  allow.setAttribute('aria-keyshortcuts', 'Alt+A');
  allow.title = 'Alt+A leads here';
  for (const node of [allow, deny]) node.setAttribute('aria-describedby', `asked-${id}`);
  const answers = element('div', { class: 'answers' }, allow, deny);
  const left = element('span', { class: 'left', role: 'timer' });
  const bar = element('progress', { class: 'time', max: '1', 'aria-hidden': 'true' });
  const told = element('p', { class: 'told', tabindex: '-1' });
  const where = room === null ? 'Guest not verified' : `Room ${room}`;
  const card = element(
    'li',
    { class: 'approval card' },
    element(
      'div',
      { class: 'asked', id: `asked-${id}` },
      element('h2', {}, 'May the agent use ', element('b', {}, ...visible(tool)), ` of ${server}?`),
      element('p', { class: 'quiet' }, `${where} · `, element('a', { href: `#/calls/${callId}` }, 'the call')),
      argumentList(approval.argumentsJson),
    ),
    element('div', { class: 'deciding' }, left, bar, answers, told),
  );
  update(asked);
  return { element: card, update };

  function update({ outcome, isBusy, problem }: AskedApproval): void {
    const totalMs = Date.parse(approval.expiresAt) - Date.parse(approval.askedAt);
    const leftMs = Math.max(0, Date.parse(approval.expiresAt) - desk.nowMs());
    const isOpen = outcome === undefined && leftMs > 0;
    card.dataset.state = outcome === undefined ? 'waiting' : 'ended';
    setText(left, `${Math.ceil(leftMs / 1_000)} s`);
    bar.value = Math.min(1, leftMs / Math.max(1, totalMs));
    left.hidden = bar.hidden = outcome !== undefined;
    const hadFocus = answers.contains(document.activeElement);
    answers.hidden = outcome !== undefined || !desk.me.mayChange;
    for (const node of [allow, deny]) node.disabled = isBusy || !isOpen;
    const waiting = desk.me.mayChange ? '' : 'Colleagues who may answer see it too.';
    setText(told, outcome ?? (problem || waiting));
    told.hidden = told.textContent === '';
    if (hadFocus && answers.hidden) told.focus({ preventScroll: true });
  }
}

/** One line per argument; what is no object is shown as it came. */
function argumentList(json: string): HTMLElement {
  const entries = entriesOf(json);
  if (entries === undefined) return element('pre', { class: 'exact' }, ...visible(json));
  if (entries.length === 0) return element('p', { class: 'quiet' }, 'Without arguments.');
  return element(
    'dl',
    { class: 'exact' },
    ...entries.flatMap(([name, value]) => [
      element('dt', {}, ...visible(name)),
      element('dd', {}, ...visible(typeof value === 'string' ? value : JSON.stringify(value, undefined, 1))),
    ]),
  );
}

/** @returns nothing when reading it would lose something, such as one of two values of the same name. */
function entriesOf(json: string): [string, unknown][] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // As it would be written again, but with all that stands in it.
    const compact = json.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text?: string) =>
      text === undefined ? '' : JSON.stringify(JSON.parse(text)),
    );
    return JSON.stringify(value) === compact ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}

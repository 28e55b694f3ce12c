/** One request by itself: all that is known of it, its history, and the call it came from. */
import { requestPage } from './api.ts';
import type { Desk } from './desk.ts';
import { element, KeyedList, setText, type Row } from './dom.ts';
import type { View } from './main.ts';
import { openMoves } from './request-moves.ts';
import { openChips, openNotice, roomBadge } from './request-row.ts';
import type { RequestJson } from '../wire.ts';
import { clockTime, departmentName } from './words.ts';

type Change = { at: string; by: string; what: string };

export function openRequestView(desk: Desk, id: string): View {
  const body = element('div', { class: 'request-page' }, element('p', { class: 'quiet', role: 'status' }, 'Loading …'));
  let content: Row<RequestJson> | undefined;
  let shownVersion = 0;
  let isClosed = false;
  void load();
  const unwatch = desk.watch(() => {
    const request = desk.requests.get(id);
    if (request) content?.update(request);
    if (request && request.version > shownVersion) void load();
  });
  return {
    title: 'Request',
    element: element('div', { class: 'narrow' }, element('a', { class: 'back', href: '#/' }, 'All requests'), body),
    close() {
      isClosed = true;
      unwatch();
    },
  };

  async function load(): Promise<void> {
    shownVersion = desk.requests.get(id)?.version ?? 0;
    const answer = await requestPage(id);
    if (isClosed) return;
    if (answer.kind !== 'ok') {
      const text = answer.kind === 'problem' ? answer.message : 'Please sign in again.';
      return body.replaceChildren(element('p', { class: 'nothing card', role: 'alert' }, text));
    }
    const { request, history } = answer.value;
    shownVersion = Math.max(shownVersion, request.version);
    content ??= openContent(desk, request);
    // A change may have been heard of while this was on its way.
    const known = desk.requests.get(id);
    content.update(known && known.version > request.version ? known : request);
    body.replaceChildren(content.element, historyOf(desk, history));
  }
}

function openContent(desk: Desk, request: RequestJson): Row<RequestJson> {
  const chips = openChips(desk);
  const moves = openMoves(desk);
  const notice = openNotice(desk, request.id);
  const heading = element('h1', {}, request.summary);
  const facts = element('dl', { class: 'facts' });
  const card = element(
    'article',
    { class: 'card whole' },
    element('div', { class: 'whole-head' }, roomBadge(request), heading),
    chips.element,
    request.details === null ? undefined : element('p', { class: 'details' }, request.details),
    facts,
    notice.element,
    moves.element,
  );
  facts.append(
    ...fact('Number', `#${request.number}`),
    ...fact('Department', departmentName(desk.me, request.department)),
    ...fact('Came in', clockTime(desk.me, request.createdAt, desk.nowMs())),
  );
  const due = element('dd');
  facts.append(element('dt', {}, 'Due'), due);
  if (request.callId !== null)
    facts.append(
      element('dt', {}, 'Call'),
      element('dd', {}, element('a', { href: `#/calls/${request.callId}` }, 'What was said')),
    );
  return {
    element: card,
    update(now) {
      setText(due, clockTime(desk.me, now.dueAt, desk.nowMs()));
      chips.update(now);
      moves.update(now);
      notice.update();
    },
  };
}

const fact = (name: string, value: string): HTMLElement[] => [element('dt', {}, name), element('dd', {}, value)];

function historyOf(desk: Desk, history: readonly Change[]): HTMLElement {
  const list = element('ol', { class: 'history card' });
  new KeyedList<Change & { key: string }>(
    list,
    ({ key }) => key,
    ({ at, by, what }) => ({
      element: element(
        'li',
        {},
        element('span', { class: 'quiet' }, clockTime(desk.me, at, desk.nowMs())),
        element('span', {}, what.replace('->', '→')),
        element('span', { class: 'quiet' }, by),
      ),
      update: () => {},
    }),
  ).show(history.map((change, index) => ({ ...change, key: String(index) })));
  return element('section', { 'aria-labelledby': 'history' }, element('h2', { id: 'history' }, 'History'), list);
}

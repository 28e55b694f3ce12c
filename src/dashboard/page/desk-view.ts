/** The desk: the list of requests, the calls going on, and the calls that ended lately. */
import type { CallJson, LiveCall, RequestJson } from '../wire.ts';
import type { Desk } from './desk.ts';
import { button, element, KeyedList, setText, type Row } from './dom.ts';
import { openLiveCall } from './live-call.ts';
import type { View } from './main.ts';
import { openRequestRow } from './request-row.ts';
import { clockTime, departmentName, duration, endName, isClosed, isOverdue } from './words.ts';

type Filter = 'open' | 'overdue' | 'closed';

const FILTERS: readonly { id: Filter; name: string; nothing: string }[] = [
  { id: 'open', name: 'Open', nothing: 'Nothing to do. New requests appear here by themselves.' },
  { id: 'overdue', name: 'Overdue', nothing: 'Nothing is overdue.' },
  { id: 'closed', name: 'Closed', nothing: 'Nothing was closed in the last twelve hours.' },
];
/** Due times and lengths of calls are shown by the second hand of this. */
const TICK_MS = 1_000;

/** What staff chose to see stays chosen while they look at a request and come back. */
let chosen: { filter: Filter; department: string } = { filter: 'open', department: '' };

export function openDeskView(desk: Desk): View {
  const requests = requestSection(desk);
  const live = liveSection(desk);
  const recent = recentSection(desk);
  const update = (): void => [requests, live, recent].forEach((section) => section.update());
  update();
  const unwatch = desk.watch(update);
  const ticking = setInterval(update, TICK_MS);
  return {
    title: 'Desk',
    element: element(
      'div',
      { class: 'desk' },
      requests.element,
      element('div', { class: 'calls' }, live.element, recent.element),
    ),
    close() {
      clearInterval(ticking);
      unwatch();
    },
  };
}

interface Section {
  element: HTMLElement;
  update(): void;
}

function requestSection(desk: Desk): Section {
  const heading = element('h1', { id: 'requests', tabindex: '-1' }, 'Requests');
  const list = element('ul', { class: 'requests' });
  const nothing = element('p', { class: 'nothing card' });
  const rows = new KeyedList<RequestJson>(
    list,
    ({ id }) => id,
    (request) => openRequestRow(desk, request),
    heading,
  );
  const tabs = FILTERS.map(({ id, name }) => {
    const count = element('span', { class: 'count' });
    const tab = button(name, 'tab', () => choose({ filter: id }));
    tab.append(count);
    return { id, tab, count };
  });
  const departments = departmentChoice(desk, (department) => choose({ department }));
  return {
    element: element(
      'section',
      { 'aria-labelledby': 'requests' },
      element(
        'div',
        { class: 'heading' },
        heading,
        element('div', { class: 'tabs', role: 'group', 'aria-label': 'Which requests' }, ...tabs.map(({ tab }) => tab)),
        departments,
      ),
      list,
      nothing,
    ),
    update,
  };

  function choose(choice: Partial<typeof chosen>): void {
    chosen = { ...chosen, ...choice };
    update();
  }

  function update(): void {
    const nowMs = desk.nowMs();
    const ofDepartment = [...desk.requests.values()].filter(
      ({ department }) => chosen.department === '' || department === chosen.department,
    );
    for (const { id, tab, count } of tabs) {
      setText(count, String(ofDepartment.filter((request) => belongs(request, id, nowMs)).length));
      tab.setAttribute('aria-pressed', String(id === chosen.filter));
    }
    const shown = ofDepartment.filter((request) => belongs(request, chosen.filter, nowMs)).toSorted(inOrder);
    rows.show(shown);
    nothing.hidden = shown.length > 0;
    list.hidden = shown.length === 0;
    setText(nothing, FILTERS.find(({ id }) => id === chosen.filter)?.nothing ?? '');
  }
}

function departmentChoice(desk: Desk, choose: (department: string) => void): HTMLElement {
  const select = element('select', { 'aria-label': 'Department' }, element('option', { value: '' }, 'All departments'));
  for (const id of Object.keys(desk.me.hotel.departments))
    select.append(element('option', { value: id }, departmentName(desk.me, id)));
  select.value = chosen.department;
  select.addEventListener('change', () => choose(select.value));
  return select;
}

function belongs(request: RequestJson, filter: Filter, nowMs: number): boolean {
  if (filter === 'closed') return isClosed(request.status);
  return filter === 'overdue' ? isOverdue(request, nowMs) : !isClosed(request.status);
}

/** Open ones by when they are due, closed ones by when they were closed: neither moves while one looks at it. */
function inOrder(a: RequestJson, b: RequestJson): number {
  if (isClosed(a.status)) return Date.parse(b.updatedAt) - Date.parse(a.updatedAt);
  return Date.parse(a.dueAt) - Date.parse(b.dueAt) || a.number - b.number;
}

function liveSection(desk: Desk): Section {
  const heading = element('h2', { id: 'live-calls', tabindex: '-1' }, 'Live calls');
  const list = element('div', { class: 'live-calls' });
  const nothing = element('p', { class: 'nothing card' }, 'Nobody is on the phone.');
  const rows = new KeyedList<LiveCall>(
    list,
    ({ callId }) => callId,
    (call) => openLiveCall(desk, call, 'card'),
    heading,
  );
  return {
    element: element('section', { 'aria-labelledby': 'live-calls' }, heading, list, nothing),
    update() {
      rows.show([...desk.liveCalls.values()]);
      nothing.hidden = desk.liveCalls.size > 0;
    },
  };
}

function recentSection(desk: Desk): Section {
  const heading = element('h2', { id: 'recent-calls', tabindex: '-1' }, 'Recent calls');
  const list = element('ul', { class: 'recent card' });
  const nothing = element('p', { class: 'nothing card' }, 'No calls yet.');
  const rows = new KeyedList<CallJson>(
    list,
    ({ callId }) => callId,
    (call) => recentRow(desk, call),
    heading,
  );
  return {
    element: element('section', { 'aria-labelledby': 'recent-calls' }, heading, list, nothing),
    update() {
      rows.show(desk.recentCalls);
      nothing.hidden = desk.recentCalls.length > 0;
      list.hidden = !nothing.hidden;
    },
  };
}

function recentRow(
  desk: Desk,
  { callId, from, startedAt, endedAt, endReason, room, transferredTo }: CallJson,
): Row<CallJson> {
  const lengthMs = endedAt === null ? undefined : Date.parse(endedAt) - Date.parse(startedAt);
  const outcome =
    transferredTo === null ? endName(endReason) : `put through to ${departmentName(desk.me, transferredTo)}`;
  const row = element(
    'li',
    {},
    element('a', { href: `#/calls/${callId}` }, from),
    element('span', { class: 'quiet' }, clockTime(desk.me, startedAt, desk.nowMs())),
    element('span', { class: 'quiet' }, lengthMs === undefined ? '' : duration(lengthMs)),
    element('span', { class: 'quiet outcome' }, room === null ? outcome : `room ${room} · ${outcome}`),
  );
  return { element: row, update: () => {} };
}

/** One request in the list: what, where, until when, and the buttons that move it. */
import type { RequestJson } from '../wire.ts';
import type { Desk } from './desk.ts';
import { button, element, setText, type Row } from './dom.ts';
import { openMoves } from './request-moves.ts';
import { clockTime, departmentName, dueWords, isClosed, isOverdue, PRIORITY_NAMES, STATUS_NAMES } from './words.ts';

export function openRequestRow(desk: Desk, request: RequestJson): Row<RequestJson> {
  const link = element('a', { class: 'summary', href: `#/requests/${request.id}` });
  const facts = element('span');
  const call = request.callId === null ? [] : [' · ', element('a', { href: `#/calls/${request.callId}` }, 'call')];
  const about = element('p', { class: 'about quiet' }, facts, ...call);
  const room = roomBadge(request);
  const chips = openChips(desk);
  const moves = openMoves(desk);
  const notice = openNotice(desk, request.id);
  const row = element(
    'li',
    { class: desk.arrived.has(request.id) ? 'request card arrived' : 'request card' },
    room,
    element('div', { class: 'what' }, element('h2', {}, link), about),
    chips.element,
    moves.element,
    notice.element,
  );
  update(request);
  return { element: row, update };

  function update(now: RequestJson): void {
    setText(link, now.summary);
    const time = clockTime(desk.me, now.createdAt, desk.nowMs());
    setText(facts, `#${now.number} · ${departmentName(desk.me, now.department)} · ${time}`);
    row.dataset.status = now.status;
    row.dataset.overdue = String(isOverdue(now, desk.nowMs()));
    chips.update(now);
    moves.update(now);
    notice.update();
  }
}

/** A request's room never changes; whether the guest was verified for it is said in words. */
export function roomBadge({ room, isRoomVerified }: RequestJson): HTMLElement {
  if (room === null)
    return element('div', { class: 'room none' }, element('span', {}, '–'), element('small', {}, 'no room'));
  const how = isRoomVerified ? 'verified' : 'as stated';
  return element(
    'div',
    { class: `room ${isRoomVerified ? 'verified' : 'stated'}` },
    element('span', {}, room),
    element('small', {}, how),
  );
}

/** Status, priority and due time: always in words, colour only helps. */
export function openChips(desk: Desk): Row<RequestJson> {
  const status = element('span', { class: 'chip' });
  const priority = element('span', { class: 'chip' });
  const due = element('span', { class: 'chip' });
  return {
    element: element('div', { class: 'chips' }, priority, due, status),
    update(request) {
      setText(status, STATUS_NAMES[request.status]);
      status.dataset.status = request.status;
      setText(priority, PRIORITY_NAMES[request.priority]);
      priority.dataset.priority = request.priority;
      priority.hidden = request.priority === 'normal';
      setText(due, dueWords(request, desk.nowMs()));
      due.dataset.overdue = String(isOverdue(request, desk.nowMs()));
      due.hidden = isClosed(request.status);
    },
  };
}

/** Tells at a request what became of a change, until it is put away. */
export function openNotice(desk: Desk, requestId: string): { element: HTMLElement; update(): void } {
  const text = element('span');
  const away = button('Understood', 'plain', () => {
    desk.notices.delete(requestId);
    update();
  });
  const notice = element('div', { class: 'notice', role: 'alert' }, text, away);
  return { element: notice, update };

  function update(): void {
    const told = desk.notices.get(requestId);
    notice.hidden = told === undefined;
    setText(text, told ?? '');
  }
}

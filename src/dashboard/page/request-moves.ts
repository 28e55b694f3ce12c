/** The buttons that move a request: the usual next step, and a menu with the others. */
import type { RequestJson } from '../wire.ts';
import type { Desk } from './desk.ts';
import { button, element, setText, type Row } from './dom.ts';
import { MOVE_NAMES, NEXT_STEP, type Status } from './words.ts';

/** A second click so soon was meant for the step before. */
const SETTLE_MS = 600;

export function openMoves(desk: Desk): Row<RequestJson> {
  let shown: RequestJson | undefined;
  let isBusy = false;
  const next = button('', 'primary', () => {
    const status = shown && NEXT_STEP[shown.status];
    if (status) void move(status);
  });
  const choices = element('div', { class: 'choices' });
  const summary = element('summary', { class: 'plain' }, 'More');
  const menu = element('details', { class: 'menu' }, summary, choices);
  closesByItself(menu, summary);
  const node = element('div', { class: 'moves' }, next, menu);
  node.hidden = !desk.me.mayChange;
  return { element: node, update };

  function update(request: RequestJson): void {
    const isSame = shown?.status === request.status;
    shown = request;
    if (isSame) return;
    const step = NEXT_STEP[request.status];
    next.hidden = step === undefined;
    if (step) setText(next, MOVE_NAMES[step]);
    next.setAttribute('aria-label', `${next.textContent}: request ${request.number}`);
    summary.setAttribute('aria-label', `More for request ${request.number}`);
    const others = desk.me.moves[request.status].filter((status) => status !== step);
    choices.replaceChildren(
      ...others.map((status) => button(nameOf(request, status), 'plain', () => void move(status))),
    );
  }

  async function move(status: Status): Promise<void> {
    if (isBusy || !shown) return;
    isBusy = true;
    node.setAttribute('aria-busy', 'true');
    if (menu.open) summary.focus();
    menu.open = false;
    await desk.move(shown, status);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    node.removeAttribute('aria-busy');
    isBusy = false;
  }
}

/** What is closed is opened again, whatever state it then has. */
const nameOf = ({ status: from }: RequestJson, to: Status): string =>
  from === 'done' || from === 'cancelled' ? 'Open again' : MOVE_NAMES[to];

/** A menu goes with Escape and when one turns elsewhere. */
function closesByItself(menu: HTMLDetailsElement, summary: HTMLElement): void {
  menu.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
  });
  const outside = ({ target }: PointerEvent): void => {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  };
  // Listens only while it is open, so that rows that go leave nothing behind.
  menu.addEventListener('toggle', () => {
    if (menu.open) document.addEventListener('pointerdown', outside);
    else document.removeEventListener('pointerdown', outside);
  });
}

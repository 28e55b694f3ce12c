/** The staff page: signs in, then shows what the address asks for: the desk, one request, one call, or tools. */
import { signOut, whoAmI } from './api.ts';
import { openCallView } from './call-view.ts';
import { Desk } from './desk.ts';
import { openDeskView } from './desk-view.ts';
import { element } from './dom.ts';
import { openFeed } from './feed.ts';
import { openFrame } from './frame.ts';
import { openRequestView } from './request-view.ts';
import { openServerForm } from './server-form.ts';
import { openServerView } from './server-view.ts';
import { openSignIn } from './sign-in-view.ts';
import { openToolsView } from './tools-view.ts';

/** A part of the page that is shown now; `close` lets go of what it watches. */
export interface View {
  title: string;
  element: HTMLElement;
  close(): void;
}

const page = element('div');
document.querySelector('#page')?.append(page);

function announce(text: string, how?: 'urgent'): void {
  const announcer = document.querySelector(how === 'urgent' ? '#alarm' : '#announcer');
  if (announcer) announcer.textContent = text;
}

async function start(): Promise<void> {
  const answer = await whoAmI();
  if (answer.kind === 'ok') return openDesk(answer.value);
  if (answer.kind === 'signed-out') return showSignIn();
  // The server starts again, or the line is bad: it is asked until it answers.
  page.replaceChildren(element('p', { class: 'waiting', role: 'status' }, 'Bellhop cannot be reached. Trying again …'));
  setTimeout(() => void start(), 2_000);
}

function showSignIn(): void {
  document.title = 'Sign in · Bellhop';
  const view = openSignIn(() => void start());
  page.replaceChildren(view.element);
  view.focus();
}

function openDesk(me: Desk['me']): void {
  let view: View | undefined;
  const desk = new Desk(me, announce, leave);
  const frame = openFrame(desk, () => void signOut().then(leave));
  const stopFeed = openFeed(desk, leave);
  const unwatch = desk.watch(showTitle);
  addEventListener('hashchange', show);
  page.replaceChildren(frame.element);
  show();

  function show(): void {
    view?.close();
    const isFirst = view === undefined;
    view = viewFor(desk);
    frame.show(view.element, location.hash);
    showTitle();
    // Whoever follows a link with the keyboard goes on at the new content.
    if (!isFirst) frame.main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  function showTitle(): void {
    const unseen = [...desk.requests.values()].filter(({ status }) => status === 'new').length;
    const asked = desk.approvals.waiting > 0 ? 'Approval needed · ' : '';
    document.title = `${asked}${unseen > 0 ? `(${unseen}) ` : ''}${view?.title ?? 'Desk'} · ${me.hotel.name}`;
  }

  function leave(): void {
    stopFeed();
    unwatch();
    removeEventListener('hashchange', show);
    view?.close();
    frame.close();
    showSignIn();
  }
}

function viewFor(desk: Desk): View {
  const [, label, isEdited] = /^#\/tools\/([a-z0-9_-]+)(\/edit)?$/.exec(location.hash) ?? [];
  if (desk.me.hasToolServers) {
    if (label !== undefined) return isEdited ? openServerForm(desk, label) : openServerView(desk, label);
    if (location.hash === '#/add-tool-server') return openServerForm(desk, undefined);
    if (location.hash === '#/tools') return openToolsView(desk);
  }
  const [, kind, id] = /^#\/(requests|calls)\/([\w-]+)$/.exec(location.hash) ?? [];
  if (kind === 'requests' && id) return openRequestView(desk, id);
  if (kind === 'calls' && id) return openCallView(desk, id);
  return openDeskView(desk);
}

void start();

/** One tool server: its state, its switches, its tools to be judged, and what it offers besides. */
import type { Answer } from './api.ts';
import { confirmed } from './confirm.ts';
import type { Desk } from './desk.ts';
import { button, element, KeyedList, setText } from './dom.ts';
import type { View } from './main.ts';
import { otherCapabilities, serverFacts } from './server-facts.ts';
import * as api from './tool-api.ts';
import { toolReview, type ReviewActs } from './tool-review.ts';
import { counted, STATUS_WORDS } from './tool-words.ts';

type ServerJson = api.ServerJson;
const ORDER = ['changed', 'new', 'approved', 'gone'] as const;

export function openServerView(desk: Desk, label: string): View {
  const body = element('div', {}, element('p', { class: 'quiet', role: 'status' }, 'Loading …'));
  let content: Content | undefined;
  let heard = desk.toolServers;
  let isClosed = false;
  void load();
  const unwatch = desk.watch(() => {
    if (heard === desk.toolServers) return;
    heard = desk.toolServers;
    void load();
  });
  return {
    title: label,
    element: element(
      'div',
      { class: 'narrow' },
      element('a', { class: 'back', href: '#/tools' }, 'All tool servers'),
      body,
    ),
    close() {
      isClosed = true;
      unwatch();
    },
  };

  async function load(): Promise<void> {
    const answer = await api.server(label);
    if (isClosed) return;
    if (answer.kind === 'signed-out') return desk.signedOut();
    if (answer.kind !== 'ok') {
      const text = answer.kind === 'problem' ? answer.message : '';
      content = undefined;
      return body.replaceChildren(element('p', { class: 'nothing card', role: 'alert' }, text));
    }
    if (!content) {
      content = openContent(desk, label);
      body.replaceChildren(content.element);
    }
    content.update(answer.value.server);
  }
}

interface Content {
  element: HTMLElement;
  update(server: ServerJson): void;
}

function openContent(desk: Desk, label: string): Content {
  let shown: ServerJson | undefined;
  const status = element('span', { class: 'chip' });
  const told = element('p', { class: 'told-here', role: 'status' });
  const [facts, calls, others] = [element('div'), element('div'), element('div')];
  const toolsHeading = element('h2', { tabindex: '-1' }, 'Tools');
  const toggle = button('', 'plain', () => void act(() => api.switchServer(label, !shown?.definition.enabled)));
  toggle.hidden = !desk.me.maySwitchServers;
  const edit = element('a', { class: 'as-button', href: `#/tools/${label}/edit` }, 'Edit');
  const remove = button('Delete', 'plain', () => void ask());
  const list = element('ul', { class: 'reviews' });
  const acts: ReviewActs = {
    mayManage: desk.me.mayManageServers,
    approve: (reviews) => void act(() => api.approveTools(label, hashesOf(reviews)), 'Approved.'),
    withdraw: (tool) => void act(() => api.withdrawTools(label, [tool]), `Withdrawn: ${tool}.`),
  };
  const rows = new KeyedList<api.ReviewJson>(
    list,
    (review) => JSON.stringify(review),
    (review) => ({ element: toolReview(review, acts), update: () => {} }),
    toolsHeading,
  );
  const all = button('', 'plain', () => acts.approve(unsuspicious(shown)));
  return {
    element: element(
      'div',
      { class: 'server-page' },
      element('div', { class: 'heading' }, element('h1', {}, label), status, toggle, edit, remove),
      told,
      facts,
      calls,
      toolsHeading,
      list,
      all,
      element('h2', {}, 'Besides tools'),
      others,
    ),
    update,
  };

  function update(server: ServerJson): void {
    shown = server;
    const { definition, source, tools, callsBehind, capabilities } = server;
    setText(status, STATUS_WORDS[server.status.kind]);
    status.dataset.server = server.status.kind;
    setText(toggle, definition.enabled ? 'Switch off' : 'Switch on');
    edit.hidden = remove.hidden = source === 'file' || !desk.me.mayManageServers;
    facts.replaceChildren(serverFacts(desk, server));
    calls.replaceChildren(...callsWithOlderTools(desk, callsBehind));
    setText(toolsHeading, tools.length === 0 ? 'Tools' : `Tools (${tools.length})`);
    rows.show(tools.toSorted((a, b) => ORDER.indexOf(a.trust) - ORDER.indexOf(b.trust)));
    const harmless = unsuspicious(server).length;
    setText(all, `Approve ${counted(harmless, 'new tool')} without a mark`);
    all.hidden = harmless < 2 || !desk.me.mayManageServers;
    others.replaceChildren(
      capabilities
        ? otherCapabilities(capabilities)
        : element('p', { class: 'nothing card' }, 'It was not reached yet.'),
    );
  }

  async function act(change: () => api.ServerAnswer, done = ''): Promise<void> {
    setText(told, tellAnswer(await change(), done));
  }

  function tellAnswer(answer: Answer<{ server: ServerJson }, api.ServerConflict>, done: string): string {
    if (answer.kind === 'ok') update(answer.value.server);
    else if (answer.kind === 'conflict') update(answer.conflict.server);
    else if (answer.kind === 'signed-out') desk.signedOut();
    if (answer.kind === 'conflict') return `${answer.conflict.error} This is how it stands now.`;
    return answer.kind === 'problem' ? answer.message : done;
  }

  async function ask(): Promise<void> {
    const details = 'Calls lose its tools, and what was approved of it is forgotten.';
    if (!shown || !(await confirmed(`Delete ${label}?`, details, 'Delete'))) return;
    const answer = await api.removeServer(label, shown.version);
    if (answer.kind === 'ok') {
      desk.announce(`${label} was deleted.`);
      location.hash = '#/tools';
    } else if (answer.kind === 'conflict') {
      update(answer.conflict.server);
      setText(told, `${answer.conflict.error} This is how it stands now.`);
    } else if (answer.kind === 'signed-out') desk.signedOut();
    else setText(told, answer.message);
  }
}

function callsWithOlderTools(desk: Desk, callIds: readonly string[]): HTMLElement[] {
  if (callIds.length === 0) return [];
  const links = callIds.map((id) =>
    element('li', {}, element('a', { href: `#/calls/${id}` }, desk.liveCalls.get(id)?.from ?? 'a call')),
  );
  return [element('h2', {}, 'Calls that still hold an older set'), element('ul', { class: 'history card' }, ...links)];
}

/** New tools without a mark may be approved together, after they stood on the page in full. */
const unsuspicious = (server: ServerJson | undefined): api.ReviewJson[] =>
  (server?.tools ?? []).filter(({ trust, flags }) => trust === 'new' && flags.length === 0);

const hashesOf = (reviews: readonly api.ReviewJson[]): Record<string, string> =>
  Object.fromEntries(reviews.map(({ tool, hash }) => [tool.name, hash]));

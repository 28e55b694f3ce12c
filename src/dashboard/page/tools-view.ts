/** Tools: the servers of others, how their tools do, and the tokens that assistants of the hotel were given. */
import { openAccessTokens } from './access-tokens.ts';
import type { Desk } from './desk.ts';
import { element, KeyedList, setText, type Row } from './dom.ts';
import { openFigures } from './figures-table.ts';
import type { View } from './main.ts';
import { counted, PATH_WORDS, sourceWords, STATUS_WORDS, statusDetails, type HeadJson } from './tool-words.ts';

export function openToolsView(desk: Desk): View {
  const heading = element('h1', { id: 'servers', tabindex: '-1' }, 'Tool servers');
  const list = element('ul', { class: 'servers' });
  const nothing = element('p', { class: 'nothing card' }, 'There are no tool servers yet.');
  const rows = new KeyedList<HeadJson>(
    list,
    ({ label }) => label,
    (head) => openServerRow(desk, head),
    heading,
  );
  const add = element('a', { class: 'as-button primary', href: '#/add-tool-server' }, 'Add a server');
  add.hidden = !desk.me.mayManageServers;
  const figures = openFigures(desk);
  const tokens = openAccessTokens(desk);
  update();
  const unwatch = desk.watch(update);
  return {
    title: 'Tools',
    element: element(
      'div',
      { class: 'tools' },
      element(
        'section',
        { 'aria-labelledby': 'servers' },
        element('div', { class: 'heading' }, heading, add),
        list,
        nothing,
      ),
      figures.element,
      tokens.element,
    ),
    close() {
      unwatch();
      figures.close();
      tokens.close();
    },
  };

  function update(): void {
    const isEmpty = desk.toolServers.length === 0;
    rows.show(desk.toolServers.toSorted((a, b) => (a.label < b.label ? -1 : 1)));
    list.hidden = isEmpty;
    nothing.hidden = !isEmpty || desk.connection === 'connecting';
  }
}

function openServerRow(desk: Desk, head: HeadJson): Row<HeadJson> {
  const link = element('a', { class: 'summary', href: `#/tools/${head.label}` }, head.label);
  const about = element('p', { class: 'about quiet' });
  const facts = element('p', { class: 'about quiet' });
  const problem = element('p', { class: 'about trouble' });
  const status = element('span', { class: 'chip' });
  const waiting = element('span', { class: 'chip' });
  waiting.dataset.trust = 'changed';
  const behind = element('span', { class: 'chip' });
  const row = element(
    'li',
    { class: 'server card' },
    element('div', { class: 'what' }, element('h2', {}, link), about, facts, problem),
    element('div', { class: 'chips' }, behind, waiting, status),
  );
  update(head);
  return { element: row, update };

  function update(now: HeadJson): void {
    const [since = '', error = ''] = statusDetails(desk, now.status);
    setText(about, now.description);
    about.hidden = now.description === '';
    const offered = counted(now.offered, 'tool offered', 'tools offered');
    setText(facts, `${sourceWords(now.source)} · ${PATH_WORDS[now.path]} · ${offered} · ${since}`);
    setText(problem, error);
    problem.hidden = now.status.kind !== 'error' || error === '';
    setText(status, STATUS_WORDS[now.status.kind]);
    status.dataset.server = now.status.kind;
    setText(waiting, counted(now.waiting, 'tool to look at', 'tools to look at'));
    waiting.hidden = now.waiting === 0;
    setText(behind, `${counted(now.callsBehind.length, 'call')} with older tools`);
    behind.hidden = now.callsBehind.length === 0;
  }
}

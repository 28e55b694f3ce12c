/** The form that a tool server is added or changed with; it can be tried before it is saved. */
import type { Answer } from './api.ts';
import type { Desk } from './desk.ts';
import { button, element, setText } from './dom.ts';
import { textField } from './form-fields.ts';
import type { View } from './main.ts';
import { serverFields } from './server-fields.ts';
import * as api from './tool-api.ts';
import { toolReview } from './tool-review.ts';
import { counted } from './tool-words.ts';

/** @param label of the server that is changed; undefined: a new one. */
export function openServerForm(desk: Desk, label: string | undefined): View {
  const body = element('div', {}, element('p', { class: 'quiet', role: 'status' }, 'Loading …'));
  const back = label === undefined ? '#/tools' : `#/tools/${label}`;
  if (!desk.me.mayManageServers) fail('Setting up servers takes the role admin.');
  else if (label === undefined) body.replaceChildren(form(desk, undefined));
  else void load(label);
  return {
    title: label === undefined ? 'Add a server' : `Edit ${label}`,
    element: element(
      'div',
      { class: 'narrow' },
      element('a', { class: 'back', href: back }, label ?? 'All tool servers'),
      body,
    ),
    close() {},
  };

  async function load(known: string): Promise<void> {
    const answer = await api.server(known);
    if (answer.kind === 'signed-out') return desk.signedOut();
    if (answer.kind !== 'ok') return fail(answer.kind === 'problem' ? answer.message : '');
    if (answer.value.server.source === 'file') return fail('This server is set up in the file.');
    body.replaceChildren(form(desk, answer.value.server));
  }

  function fail(text: string): void {
    body.replaceChildren(element('p', { class: 'nothing card', role: 'alert' }, text));
  }
}

function form(desk: Desk, initial: api.ServerJson | undefined): HTMLElement {
  let version = initial?.version ?? 0;
  const name = textField({ name: 'label', label: 'Name', hint: 'Small letters, digits, - and _; stays as it is.' }, '');
  const { basic, more } = serverFields(initial?.definition);
  const problems = element('div', { class: 'problems', role: 'alert', tabindex: '-1' });
  const result = element('div', { class: 'result', role: 'status' });
  const test = button('Test the connection', 'plain', () => void tryIt());
  const save = element('button', { type: 'submit', class: 'primary' }, initial ? 'Save' : 'Add');
  const node = element(
    'form',
    { class: 'card fields', novalidate: '' },
    element('h1', {}, initial ? `Edit ${initial.label}` : 'Add a tool server'),
    ...(initial ? [] : [name.element]),
    ...basic.map((field) => field.element),
    element(
      'details',
      { class: 'more' },
      element('summary', {}, 'More settings'),
      element('div', { class: 'group' }, ...more.map((field) => field.element)),
    ),
    problems,
    element('div', { class: 'buttons' }, save, test),
    result,
  );
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  return node;

  /** @returns nothing when a field is not understood: that is told. */
  function filledIn(): { label: string; definition: api.SentDefinition } | undefined {
    const sent: api.SentDefinition = {};
    name.put(sent);
    // What the form does not know stays as it is.
    const definition: api.SentDefinition = { ...initial?.definition };
    const mistakes = [...basic, ...more].map((field) => field.put(definition)).filter((told) => told !== undefined);
    const label = initial?.label ?? (typeof sent.label === 'string' ? sent.label : '');
    if (label === '') mistakes.unshift('A name is needed.');
    if (mistakes.length > 0) tell('This is not understood yet.', mistakes);
    else problems.replaceChildren();
    return mistakes.length > 0 ? undefined : { label, definition };
  }

  function tell(message: string, mistakes: readonly string[] = []): void {
    problems.replaceChildren(
      element('p', {}, message),
      element('ul', {}, ...mistakes.map((mistake) => element('li', {}, mistake))),
    );
    problems.focus();
  }

  async function send(): Promise<void> {
    const sent = filledIn();
    if (!sent) return;
    save.disabled = true;
    const { label, definition } = sent;
    const answer = await (initial ? api.changeServer(label, version, definition) : api.addServer(label, definition));
    save.disabled = false;
    if (answer.kind === 'ok') location.hash = `#/tools/${label}`;
    else if (answer.kind === 'conflict') conflict(answer.conflict);
    else refused(answer);
  }

  /** What is in the form stays; saving again overwrites what the other one did, knowingly. */
  function conflict({ error, server }: api.ServerConflict): void {
    if (!initial) return tell(`There is a server named ${server.label} already.`);
    version = server.version;
    tell(`${error} Save again to put this in the place of version ${server.version}.`);
  }

  function refused(answer: Exclude<Answer<unknown, never>, { kind: 'ok' | 'conflict' }>): void {
    if (answer.kind === 'signed-out') desk.signedOut();
    else tell(answer.message, answer.mistakes);
  }

  async function tryIt(): Promise<void> {
    const sent = filledIn();
    if (!sent) return;
    test.disabled = true;
    result.replaceChildren();
    setText(test, 'Testing …');
    const answer = await api.testServer(initial?.label, sent.definition);
    test.disabled = false;
    setText(test, 'Test the connection');
    if (answer.kind === 'ok') result.replaceChildren(...testResult(answer.value));
    else if (answer.kind !== 'conflict') refused(answer);
  }
}

function testResult({ isConnected, tookMs, capabilities, tools, problems }: api.TestJson): HTMLElement[] {
  const what = capabilities ? ` It calls itself ${capabilities.name} ${capabilities.version}.` : '';
  const how = isConnected
    ? `Connected in ${Math.round(tookMs)} ms, ${counted(tools.length, 'tool')}.${what}`
    : 'It could not be reached.';
  const words = element('p', { class: isConnected ? 'good' : 'trouble' }, how);
  return [
    words,
    element('ul', { class: 'problems' }, ...problems.map((problem) => element('li', {}, problem))),
    ...(tools.length === 0 ? [] : [element('h2', {}, 'What it lists')]),
    element('ul', { class: 'reviews' }, ...tools.map((review) => toolReview(review))),
  ];
}

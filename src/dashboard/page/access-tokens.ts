/** Tokens for assistants of the hotel: issued once, listed without themselves, revoked at once. */
import { confirmed } from './confirm.ts';
import type { Desk } from './desk.ts';
import { button, element, KeyedList, setText } from './dom.ts';
import { accessTokens, issueToken, revokeToken, type TokenJson } from './tool-api.ts';
import { clockTime } from './words.ts';

const DAYS = [30, 90, 365];

export function openAccessTokens(desk: Desk): { element: HTMLElement; close(): void } {
  const heading = element('h2', { id: 'tokens', tabindex: '-1' }, 'Access tokens');
  const list = element('ul', { class: 'tokens card' });
  const told = element('p', { class: 'nothing card', role: 'status' }, 'Loading …');
  const place = element('div');
  const rows = new KeyedList<TokenJson>(
    list,
    ({ id }) => id,
    (token) => ({ element: tokenRow(desk, token, () => void load()), update: () => {} }),
    heading,
  );
  let isClosed = false;
  list.hidden = true;
  void load();
  return {
    element: element(
      'section',
      { 'aria-labelledby': 'tokens' },
      heading,
      element(
        'p',
        { class: 'quiet' },
        'With one of these an assistant of the hotel uses Bellhop’s own tools over MCP.',
      ),
      list,
      told,
      place,
    ),
    close() {
      isClosed = true;
    },
  };

  async function load(): Promise<void> {
    const answer = await accessTokens();
    if (isClosed) return;
    if (answer.kind === 'signed-out') return desk.signedOut();
    if (answer.kind !== 'ok') return setText(told, answer.kind === 'problem' ? answer.message : '');
    const { tokens, scopes } = answer.value;
    rows.show(tokens);
    list.hidden = tokens.length === 0;
    told.hidden = tokens.length > 0;
    setText(told, 'There are none.');
    if (desk.me.mayManageServers && !place.hasChildNodes()) place.append(issueForm(desk, scopes, () => void load()));
  }
}

function tokenRow(desk: Desk, token: TokenJson, changed: () => void): HTMLElement {
  const time = (iso: string): string => clockTime(desk.me, iso, desk.nowMs());
  const { name, scopes, createdBy, createdAt, expiresAt, lastUsedAt } = token;
  const used = lastUsedAt === null ? 'never used' : `last used ${time(lastUsedAt)}`;
  const problem = element('p', { class: 'trouble', role: 'alert' });
  const revoke = button('Revoke', 'plain', () => void ask());
  revoke.setAttribute('aria-label', `Revoke ${name}`);
  revoke.hidden = !desk.me.mayManageServers;
  const by = `issued by ${createdBy}, ${time(createdAt)}`;
  return element(
    'li',
    {},
    element(
      'div',
      {},
      element('b', {}, name),
      element('p', { class: 'about quiet' }, `${scopes.join(', ')} · ${by} · ends ${time(expiresAt)} · ${used}`),
      problem,
    ),
    revoke,
  );

  async function ask(): Promise<void> {
    if (!(await confirmed(`Revoke “${name}”?`, 'Whoever uses it is let in no more.', 'Revoke'))) return;
    const answer = await revokeToken(token.id);
    if (answer.kind === 'signed-out') return desk.signedOut();
    // Somebody else may have been faster: then it is gone too.
    if (answer.kind === 'ok' || (answer.kind === 'problem' && answer.status === 404)) return changed();
    problem.textContent = answer.kind === 'problem' ? answer.message : '';
  }
}

function issueForm(desk: Desk, scopes: readonly { id: string; name: string }[], issued: () => void): HTMLElement {
  const name = element('input', { id: 'token-name', maxlength: '80', required: '', autocomplete: 'off' });
  const days = element('select', { id: 'token-days' });
  for (const count of DAYS) days.append(element('option', { value: String(count) }, `${count} days`));
  const boxes = scopes.map(({ id }) => element('input', { type: 'checkbox', id: `scope-${id}`, value: id }));
  const problem = element('p', { class: 'problem', role: 'alert' });
  const shown = element('div', { class: 'once', tabindex: '-1' });
  const form = element(
    'form',
    { class: 'card fields' },
    element('h3', {}, 'Issue a token'),
    field('For whom', name),
    field('Good for', days),
    element(
      'fieldset',
      {},
      element('legend', {}, 'What it may do'),
      ...boxes.map((box, index) => element('label', { class: 'tick' }, box, scopes[index]?.name ?? '')),
    ),
    problem,
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary' }, 'Issue')),
    shown,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void issue();
  });
  return form;

  async function issue(): Promise<void> {
    problem.textContent = '';
    const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    if (chosen.length === 0) return setText(problem, 'Choose what it may do.');
    const answer = await issueToken(name.value.trim(), chosen, Number(days.value));
    if (answer.kind === 'signed-out') return desk.signedOut();
    if (answer.kind !== 'ok') return setText(problem, answer.kind === 'problem' ? answer.message : '');
    form.reset();
    showOnce(shown, answer.value.token);
    issued();
  }
}

/** The token itself, while the view is open; it cannot be had again. */
function showOnce(place: HTMLElement, token: string): void {
  const value = element('input', { readonly: '', 'aria-label': 'The new token', class: 'secret' });
  value.value = token;
  const copy = button('Copy', 'primary', () => void take());
  const away = button('I have it', 'plain', () => place.replaceChildren());
  place.replaceChildren(
    element('p', {}, 'Take it now: it is shown this once.'),
    element('div', { class: 'buttons' }, value, copy, away),
  );
  place.focus();

  async function take(): Promise<void> {
    value.select();
    // Without https a page may not use the clipboard; the marked text can be copied by hand.
    const isCopied = await (navigator.clipboard?.writeText(token).then(
      () => true,
      () => false,
    ) ?? false);
    setText(copy, isCopied ? 'Copied' : 'Marked: copy it with Ctrl+C');
  }
}

function field(label: string, input: HTMLElement): HTMLElement {
  return element('div', { class: 'field' }, element('label', { for: input.id }, label), input);
}

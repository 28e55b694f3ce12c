/** One tool as its server lists it, in full, for somebody to judge: what it says, what it takes, what changed, what is odd. */
import { button, element } from './dom.ts';
import { lineChanges } from './line-changes.ts';
import type { ListedToolJson, ReviewJson } from './tool-api.ts';
import { TRUST_WORDS } from './tool-words.ts';
import { visible } from './visible-text.ts';

export interface ReviewActs {
  mayManage: boolean;
  approve(reviews: readonly ReviewJson[]): void;
  withdraw(tool: string): void;
}

const SIGNS = { same: ' ', gone: '−', new: '+' } as const;

/** @param acts what may be done; without it the tool can only be read. */
export function toolReview(review: ReviewJson, acts?: ReviewActs): HTMLElement {
  const { tool, trust, before, flags, offeredAs, notOffered } = review;
  const chip = element('span', { class: 'chip' }, TRUST_WORDS[trust]);
  chip.dataset.trust = trust;
  const offer = offeredAs === undefined ? (notOffered ?? '') : `The agent knows it as ${offeredAs}.`;
  return element(
    'li',
    { class: 'review card' },
    element('div', { class: 'call-head' }, element('h3', {}, ...visible(tool.name)), chip),
    offer === '' ? undefined : element('p', { class: 'about quiet' }, offer),
    flags.length === 0 ? undefined : flagList(flags),
    ...(trust === 'changed' && before ? [changes(before, tool)] : [wholeTool(tool, trust !== 'approved')]),
    acts?.mayManage ? buttons(review, acts) : undefined,
  );
}

function buttons(review: ReviewJson, acts: ReviewActs): HTMLElement | undefined {
  const { tool, trust } = review;
  const act =
    trust === 'new' || trust === 'changed'
      ? button('Approve', 'primary', () => acts.approve([review]))
      : button(trust === 'gone' ? 'Forget it' : 'Withdraw', 'plain', () => acts.withdraw(tool.name));
  act.setAttribute('aria-label', `${act.textContent}: ${tool.name}`);
  const withdraw = trust === 'changed' ? button('Withdraw', 'plain', () => acts.withdraw(tool.name)) : undefined;
  withdraw?.setAttribute('aria-label', `Withdraw: ${tool.name}`);
  return element('div', { class: 'buttons' }, act, withdraw);
}

function flagList(flags: readonly string[]): HTMLElement {
  return element(
    'div',
    { class: 'flags' },
    element('b', {}, 'Look closely:'),
    element('ul', {}, ...flags.map((flag) => element('li', {}, ...visible(flag)))),
  );
}

function wholeTool(tool: ListedToolJson, isOpen: boolean): HTMLElement {
  const parts = partsOf(tool).flatMap(([name, text]) => [
    element('h4', {}, name),
    element('div', { class: 'exact' }, ...visible(text)),
  ]);
  if (isOpen) return element('div', { class: 'listed' }, ...parts);
  return element('details', { class: 'listed' }, element('summary', {}, 'Description and schema'), ...parts);
}

/** Unseen characters are marked in both, so a change of nothing but those shows too. */
function changes(before: ListedToolJson, now: ListedToolJson): HTMLElement {
  const [old, current] = [partsOf(before), partsOf(now)];
  const names = [...new Set([...old, ...current].map(([name]) => name))];
  const textOf = (parts: Part[], name: string): string => parts.find(([part]) => part === name)?.[1] ?? '';
  return element(
    'div',
    { class: 'listed' },
    element('p', { class: 'quiet' }, '− as it was approved, + as the server lists it now'),
    ...names.flatMap((name) => {
      const lines = lineChanges(textOf(old, name), textOf(current, name));
      const isSame = lines.every(({ kind }) => kind === 'same');
      return [
        element('h4', {}, isSame ? `${name} (the same)` : name),
        element(
          'div',
          { class: 'exact changes' },
          ...lines.map(({ kind, text }) => {
            const line = element('div', {}, `${SIGNS[kind]} `, ...visible(text));
            line.dataset.kind = kind;
            return line;
          }),
        ),
      ];
    }),
  );
}

type Part = [name: string, text: string];

function partsOf({ title, description, inputSchema, outputSchema, annotations }: ListedToolJson): Part[] {
  const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
  const parts: Part[] = [];
  if (title !== undefined) parts.push(['Title', title]);
  parts.push(['Description', description === '' ? '(none)' : description], ['What it takes', json(inputSchema)]);
  if (outputSchema) parts.push(['What it gives', json(outputSchema)]);
  if (annotations) parts.push(['What it says of itself', json(annotations)]);
  return parts;
}

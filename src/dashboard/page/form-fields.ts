/** Fields of a form that write what was filled in into a definition. */
import { button, element } from './dom.ts';
import type { SentDefinition } from './tool-api.ts';

export interface Field {
  element: HTMLElement;
  /** Writes it into the definition. @returns what is wrong with it, in words. */
  put(definition: SentDefinition): string | undefined;
}

interface About {
  /** The field of the definition. */
  name: string;
  label: string;
  hint?: string;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Label, control and hint, tied together. */
export function labelled({ name, label, hint }: About, control: Control): HTMLElement {
  control.id = `field-${name}`;
  const note = hint === undefined ? undefined : element('p', { class: 'hint', id: `hint-${name}` }, hint);
  if (note) control.setAttribute('aria-describedby', note.id);
  return element('div', { class: 'field' }, element('label', { for: control.id }, label), control, note);
}

/** Sets what was filled in; what is empty is left out. */
function set(definition: SentDefinition, name: string, value: unknown): undefined {
  if (value === undefined) delete definition[name];
  else definition[name] = value;
  return undefined;
}

export function textField(about: About, initial: string | undefined): Field {
  const input = element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
  input.value = initial ?? '';
  return {
    element: labelled(about, input),
    put: (definition) => set(definition, about.name, input.value.trim() || undefined),
  };
}

export function numberField(about: About, initial: number): Field {
  const input = element('input', { type: 'number', min: '0' });
  input.value = String(initial);
  return {
    element: labelled(about, input),
    put: (definition) => set(definition, about.name, input.value === '' ? undefined : Number(input.value)),
  };
}

/** @param initial of a secret only its end is known: the server keeps it when nothing is written. */
export function secretField(about: About, initial: string | undefined): Field {
  const input = secretInput(initial);
  return {
    element: labelled(about, input),
    put: (definition) => void (definition[about.name] = input.value),
  };
}

function secretInput(initial: string | undefined): HTMLInputElement {
  const input = element('input', { type: 'password', autocomplete: 'new-password', spellcheck: 'false' });
  input.placeholder = initial === undefined ? '' : `${initial} (stays when this is empty)`;
  return input;
}

export function choiceField(
  about: About,
  initial: string,
  choices: Record<string, string>,
): Field & { value(): string; onChange(listener: () => void): void } {
  const select = element('select');
  for (const [value, name] of Object.entries(choices)) select.append(element('option', { value }, name));
  select.value = initial;
  return {
    element: labelled(about, select),
    put: (definition) => set(definition, about.name, select.value || undefined),
    value: () => select.value,
    onChange: (listener) => select.addEventListener('change', listener),
  };
}

/** One item a line. */
export function linesField(about: About, initial: readonly string[] | undefined): Field {
  const area = element('textarea', { rows: '3', spellcheck: 'false' });
  area.value = (initial ?? []).join('\n');
  return {
    element: labelled(about, area),
    put: (definition) => {
      const lines = area.value.split('\n').map((line) => line.trim());
      const items = lines.filter((line) => line !== '');
      set(definition, about.name, items.length === 0 ? undefined : items);
      return undefined;
    },
  };
}

/** `name = value`, one a line. @param read makes a value of its text; undefined: it is none. */
export function pairsField<Value>(
  about: About,
  initial: Record<string, Value> | undefined,
  read: (text: string) => Value | undefined,
): Field {
  const area = element('textarea', { rows: '3', spellcheck: 'false' });
  area.value = Object.entries(initial ?? {})
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join('\n');
  return {
    element: labelled(about, area),
    put: (definition) => {
      const pairs: Record<string, Value> = {};
      for (const line of area.value.split('\n').filter((text) => text.trim() !== '')) {
        const [, name, text] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
        const value = text === undefined ? undefined : read(text);
        if (name === undefined || value === undefined) return `${about.label}: “${line.trim()}” is not understood.`;
        pairs[name] = value;
      }
      set(definition, about.name, Object.keys(pairs).length === 0 ? undefined : pairs);
      return undefined;
    },
  };
}

/** Names in the open, values as secrets. */
export function secretPairsField(about: About, initial: Record<string, string> | undefined): Field {
  const rows: { name: HTMLInputElement; value: HTMLInputElement }[] = [];
  const list = element('div', { class: 'rows' });
  const group = element(
    'fieldset',
    {},
    element('legend', {}, about.label),
    list,
    button('Add one', 'plain', () => addRow('', undefined).focus()),
  );
  for (const [name, value] of Object.entries(initial ?? {})) addRow(name, value);
  return { element: group, put };

  function addRow(initialName: string, before: string | undefined): HTMLInputElement {
    const name = element('input', { type: 'text', 'aria-label': `${about.label}: name`, autocomplete: 'off' });
    name.value = initialName;
    const value = secretInput(before);
    value.setAttribute('aria-label', `${about.label}: value`);
    const row = { name, value };
    const away = button('Remove', 'plain', () => {
      rows.splice(rows.indexOf(row), 1);
      line.remove();
    });
    away.setAttribute('aria-label', `Remove ${initialName || 'this one'}`);
    const line = element('div', { class: 'row' }, name, value, away);
    rows.push(row);
    list.append(line);
    return name;
  }

  function put(definition: SentDefinition): string | undefined {
    const filled = rows.filter(({ name }) => name.value.trim() !== '');
    const pairs = filled.map(({ name, value }) => [name.value.trim(), value.value] as const);
    set(definition, about.name, pairs.length === 0 ? undefined : Object.fromEntries(pairs));
    return undefined;
  }
}

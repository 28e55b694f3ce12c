/** Makes and changes elements. Text only ever becomes text: nothing here reads markup. */

type Child = Node | string | undefined;

/** @param attributes as in markup; `class` too. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/** A button that does something here, rather than send a form. */
export function button(label: string, className: string, act: () => void): HTMLButtonElement {
  const node = element('button', { type: 'button', class: className }, label);
  node.addEventListener('click', act);
  return node;
}

/** Changes text only when it differs, so that selections and live regions are left in peace. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** An element per item that lives as long as its item does. */
export interface Row<Item> {
  element: HTMLElement;
  update(item: Item): void;
}

/** A list whose rows stay the same elements while their items change and move: focus and menus survive. */
export class KeyedList<Item> {
  readonly #rows = new Map<string, Row<Item>>();
  readonly #parent: HTMLElement;
  readonly #keyOf: (item: Item) => string;
  readonly #makeRow: (item: Item) => Row<Item>;
  readonly #focusFallback: HTMLElement | undefined;

  /** @param focusFallback gets the focus when the row that had it leaves. */
  constructor(
    parent: HTMLElement,
    keyOf: (item: Item) => string,
    makeRow: (item: Item) => Row<Item>,
    focusFallback?: HTMLElement,
  ) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#makeRow = makeRow;
    this.#focusFallback = focusFallback;
  }

  show(items: readonly Item[]): void {
    const focused = document.activeElement;
    this.#dropOthers(new Set(items.map(this.#keyOf)));
    for (const [index, item] of items.entries()) {
      const row = this.#rowOf(item);
      const there = this.#parent.children[index];
      if (there !== row.element) this.#parent.insertBefore(row.element, there ?? null);
    }
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.#parent.contains(focused))
      focused.focus({ preventScroll: true });
  }

  #rowOf(item: Item): Row<Item> {
    const key = this.#keyOf(item);
    const known = this.#rows.get(key);
    if (known) {
      known.update(item);
      return known;
    }
    const row = this.#makeRow(item);
    this.#rows.set(key, row);
    return row;
  }

  #dropOthers(keys: ReadonlySet<string>): void {
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      const hadFocus = row.element.contains(document.activeElement);
      row.element.remove();
      this.#rows.delete(key);
      if (hadFocus) this.#focusFallback?.focus({ preventScroll: true });
    }
  }
}

/** Above every view: servers that list a tool otherwise than it was approved. It is off until somebody looks at it. */
import type { Desk } from './desk.ts';
import { element, KeyedList, setText, type Row } from './dom.ts';
import { counted, type HeadJson } from './tool-words.ts';

/** @param fallback gets the focus when the notice that had it goes. Lives as long as the desk. */
export function openTrustNotice(desk: Desk, fallback: HTMLElement): HTMLElement {
  const list = element('ul', { class: 'trust-notices' });
  const notice = element('section', { class: 'trust-notice', 'aria-label': 'Changed tools' }, list);
  const rows = new KeyedList<HeadJson>(list, ({ label }) => label, openLine, fallback);
  update();
  desk.watch(update);
  return notice;

  function update(): void {
    const changed = desk.toolServers.filter((head) => head.changed > 0);
    rows.show(changed);
    notice.hidden = changed.length === 0;
  }
}

/** @returns what happened, for the eye and the ear. */
export const changeWords = ({ label, changed }: Pick<HeadJson, 'label' | 'changed'>): string => {
  const what = counted(changed, 'tool', 'tools');
  return `${label} changed ${what} since approval: switched off until somebody approves ${changed === 1 ? 'it' : 'them'} again.`;
};

function openLine(head: HeadJson): Row<HeadJson> {
  const words = element('span', {});
  const link = element('a', { href: `#/tools/${head.label}` }, `Look at ${head.label}`);
  const row = element('li', {}, words, ' ', link);
  update(head);
  return { element: row, update };

  function update(now: HeadJson): void {
    setText(words, changeWords(now));
  }
}

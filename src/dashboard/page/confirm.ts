/** Asks before something that cannot be taken back. */
import { button, element } from './dom.ts';

/** @param verb what the button says that goes on. @returns whether it was pressed; Escape and the other one say no. */
export function confirmed(question: string, details: string, verb: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let isSure = false;
  const no = button('Keep it', 'plain', () => dialog.close());
  const yes = button(verb, 'danger', () => {
    isSure = true;
    dialog.close();
  });
  const dialog = element(
    'dialog',
    { class: 'confirm card', 'aria-labelledby': 'question' },
    element('h2', { id: 'question' }, question),
    element('p', {}, details),
    element('div', { class: 'buttons' }, no, yes),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(isSure);
  });
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return promise;
}

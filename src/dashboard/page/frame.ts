/** What is around every view: the hotel, the connection, who is signed in, light or dark. */
import type { Connection, Desk } from './desk.ts';
import { button, element, setText } from './dom.ts';

const CONNECTION_NAMES: Record<Connection, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Connection lost, trying again …',
};

const SCHEMES = ['system', 'light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];
const SCHEME_KEY = 'bellhop-scheme';

export function openFrame(
  desk: Desk,
  signOut: () => void,
): { element: HTMLElement; main: HTMLElement; show(view: HTMLElement): void } {
  const connection = element('span', { class: 'connection' });
  const main = element('main', { id: 'main', tabindex: '-1' });
  const skip = button('Skip to content', 'skip', () => main.focus());
  const { member, hotel } = desk.me;
  const signOutButton = button('Sign out', 'plain', signOut);
  // Small screens leave the name out.
  signOutButton.title = `Signed in as ${member.name}`;
  const frame = element(
    'div',
    {},
    skip,
    element(
      'header',
      { class: 'bar' },
      element(
        'a',
        { class: 'brand', href: '#/' },
        element('img', { src: '/staff/page/icon.svg', alt: '', width: '28', height: '28' }),
        element('span', {}, hotel.name),
      ),
      connection,
      element('span', { class: 'member' }, member.name, element('span', { class: 'role' }, member.role)),
      schemeButton(),
      signOutButton,
    ),
    main,
  );
  const update = (): void => {
    setText(connection, CONNECTION_NAMES[desk.connection]);
    connection.dataset.state = desk.connection;
  };
  update();
  desk.watch(update);
  return { element: frame, main, show: (view) => main.replaceChildren(view) };
}

function schemeButton(): HTMLButtonElement {
  let scheme: Scheme = SCHEMES.find((name) => name === localStorage.getItem(SCHEME_KEY)) ?? 'system';
  const node = button('◐', 'plain', () => {
    scheme = SCHEMES[(SCHEMES.indexOf(scheme) + 1) % SCHEMES.length] ?? 'system';
    localStorage.setItem(SCHEME_KEY, scheme);
    apply();
  });
  apply();
  return node;

  function apply(): void {
    document.documentElement.dataset.scheme = scheme;
    node.setAttribute('aria-label', `Colours: ${scheme}`);
    node.title = `Colours: ${scheme}`;
  }
}

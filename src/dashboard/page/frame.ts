/** What is around every view: the hotel, the connection, who is signed in, light or dark. */
import type { Connection, Desk } from './desk.ts';
import { openApprovalTray } from './approval-tray.ts';
import { button, element, setText } from './dom.ts';
import { openTrustNotice } from './trust-notice.ts';

const CONNECTION_NAMES: Record<Connection, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Connection lost, trying again …',
};

const SCHEMES = ['system', 'light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];
const SCHEME_KEY = 'bellhop-scheme';

export interface Frame {
  element: HTMLElement;
  main: HTMLElement;
  /** @param hash the address of the view. */
  show(view: HTMLElement, hash: string): void;
  close(): void;
}

export function openFrame(desk: Desk, signOut: () => void): Frame {
  const connection = element('span', { class: 'connection' });
  const main = element('main', { id: 'main', tabindex: '-1' });
  const skip = button('Skip to content', 'skip', () => main.focus());
  const { member, hotel } = desk.me;
  const signOutButton = button('Sign out', 'plain', signOut);
  // Small screens leave the name out.
  signOutButton.title = `Signed in as ${member.name}`;
  const tray = openApprovalTray(desk, main);
  const places = openPlaces(desk);
  const bar = element(
    'header',
    { class: 'bar' },
    element(
      'a',
      { class: 'brand', href: '#/' },
      element('img', { src: '/staff/page/icon.svg', alt: '', width: '28', height: '28' }),
      element('span', {}, hotel.name),
    ),
    places.element,
    connection,
    element('span', { class: 'member' }, member.name, element('span', { class: 'role' }, member.role)),
    schemeButton(),
    signOutButton,
  );
  // Approvals stay in sight wherever one is on the page.
  const frame = element(
    'div',
    {},
    skip,
    element('div', { class: 'top' }, bar, tray.element),
    openTrustNotice(desk, main),
    main,
  );
  const update = (): void => {
    setText(connection, CONNECTION_NAMES[desk.connection]);
    connection.dataset.state = desk.connection;
  };
  update();
  desk.watch(update);
  return {
    element: frame,
    main,
    show(view, hash) {
      main.replaceChildren(view);
      places.show(hash);
    },
    close: tray.close,
  };
}

/** The parts of the page; where there is one part alone there is nothing to choose. */
function openPlaces(desk: Desk): { element: HTMLElement | undefined; show(hash: string): void } {
  if (!desk.me.hasToolServers) return { element: undefined, show: () => {} };
  const places = [
    { link: element('a', { href: '#/' }, 'Desk'), isTools: false },
    { link: element('a', { href: '#/tools' }, 'Tools'), isTools: true },
  ];
  return {
    element: element('nav', { class: 'places', 'aria-label': 'Parts of the page' }, ...places.map(({ link }) => link)),
    show(hash) {
      const isAtTools = /^#\/(tools|add-tool-server)/.test(hash);
      for (const { link, isTools } of places)
        if (isTools === isAtTools) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
    },
  };
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

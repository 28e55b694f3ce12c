/** The system's Chromium, for tests that look at a page as staff do. */
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.ts';

/** Nothing that calls home; no sandbox, since tests may run as root. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @throws Error when there is no Chromium on this machine. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('no Chromium was found: install one, such as the package chromium, or set CHROMIUM_PATH');
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

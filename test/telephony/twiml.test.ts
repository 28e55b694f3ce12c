/** What the carrier says with its own voice. */
import { expect, test } from 'vitest';
import { apologise, askForKey } from '../../src/telephony/twiml.ts';

test('words in another language are said in it, English ones as they always were', () => {
  expect(apologise('Nous sommes désolés.', 'fr-FR')).toContain('<Say language="fr-FR">Nous sommes désolés.</Say>');
  expect(askForKey('Tapez un.', 'https://here/key', 'fr-FR')).toContain('<Say language="fr-FR">Tapez un.</Say>');
  expect(apologise('We are sorry.')).toContain('<Say>We are sorry.</Say>');
});

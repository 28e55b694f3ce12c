/** What is said of lights, temperature and curtains, by language. Pure. */
import type { Comfort } from './concierge-comfort.ts';
import { speakCount } from './concierge-numbers.ts';

export interface ComfortWords {
  /** Only after it was done. */
  done(comfort: Comfort): string;
  failed: string;
  askDegrees: string;
  /** The tool takes other degrees. */
  beyond(least: number, most: number): string;
}

const ENGLISH: ComfortWords = {
  done: (comfort) => {
    switch (comfort.kind) {
      case 'lights':
        return comfort.state === 'dim' ? 'The lights are dimmed.' : `The lights are ${comfort.state}.`;
      case 'curtains':
        return `The curtains are ${comfort.state === 'half' ? 'half open' : comfort.state}.`;
      case 'temperature':
        return comfort.degrees === undefined
          ? `I have made it ${comfort.direction ?? 'comfortable'}.`
          : `The temperature is set to ${speakCount(comfort.degrees)} degrees.`;
      default:
        return comfort satisfies never;
    }
  },
  failed: "I'm sorry, I could not do that just now.",
  askDegrees: 'How many degrees would you like?',
  beyond: (least, most) => `I can only set it ${range(least, most, speakCount)} degrees.`,
};

const range = (least: number, most: number, speak: (value: number) => string): string =>
  least === -Infinity
    ? `to at most ${speak(most)}`
    : most === Infinity
      ? `to at least ${speak(least)}`
      : `between ${speak(least)} and ${speak(most)}`;

const FRENCH_LIGHTS = { on: 'allumée', off: 'éteinte', dim: 'tamisée' };
const FRENCH_CURTAINS = { open: 'ouverts', half: 'à moitié ouverts', closed: 'fermés' };
const FRENCH: ComfortWords = {
  done: (comfort) => {
    switch (comfort.kind) {
      case 'lights':
        return `La lumière est ${FRENCH_LIGHTS[comfort.state]}.`;
      case 'curtains':
        return `Les rideaux sont ${FRENCH_CURTAINS[comfort.state]}.`;
      case 'temperature':
        return comfort.degrees === undefined
          ? 'La température est changée.'
          : `La température est réglée sur ${comfort.degrees} degrés.`;
      default:
        return comfort satisfies never;
    }
  },
  failed: 'Je suis désolé, je n’ai pas pu le faire pour le moment.',
  askDegrees: 'Combien de degrés désirez-vous ?',
  beyond: (least, most) =>
    Number.isFinite(least) && Number.isFinite(most)
      ? `Je ne peux régler la température qu’entre ${least} et ${most} degrés.`
      : 'Je ne peux pas la régler ainsi.',
};

/** @param code of a language; English for what is not known here. */
export const comfortWords = (code: string): ComfortWords => (code === 'fr' ? FRENCH : ENGLISH);

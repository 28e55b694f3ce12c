/**
 * The agent's words checked against what happened (rule TRUTH-37): whoever says that something was requested, without a tool
 * having done it, is told to put it right, and staff are told. A fold over call events. Pure.
 */
import type { CallEvent } from './call-event.ts';
import type { EventReader } from './ports.ts';

/** "I have requested …", "I've just booked …", "your request has been recorded", "is on its way". */
const CLAIMS = [
  /\b(i|we)(['’]ve| have| just)( just| already| now| also)? (requested|ordered|booked|scheduled|arranged|recorded|reported|informed|notified|asked|sent|placed|passed|put in|set up|logged|raised|reserved)\b/i,
  /\b(request|order|booking|reservation|wake-up call|taxi)s? (has|have) been (requested|ordered|booked|scheduled|arranged|recorded|reported|sent|placed|passed|logged|reserved|made)\b/i,
  /\b(is|are) on (its|their|the) way\b/i,
  // The same in French, German and Spanish.
  /(?<!\p{L})(?:j['’]ai|nous avons)(?: bien| déjà| donc)? (?:demandé|commandé|réservé|enregistré|signalé|prévenu|envoyé|transmis|programmé|organisé)(?!\p{L})/iu,
  /(?<!\p{L})(?:demande|commande|réservation|réveil|taxi)s? (?:a|ont)(?: bien)? été (?:demand|command|réserv|enregistr|envoy|transmis|programm)/iu,
  /(?<!\p{L})(?:est|sont) en (?:route|chemin)(?!\p{L})/iu,
  /(?<!\p{L})(?:ich habe|wir haben) (?:[^.?!]{1,60} )?(?:bestellt|reserviert|gebucht|angefordert|veranlasst|geschickt|weitergeleitet|eingetragen)(?!\p{L})/iu,
  /(?<!\p{L})(?:he|hemos) (?:pedido|solicitado|reservado|enviado|registrado|avisado|programado)(?!\p{L})/iu,
];
/** What the hotel's tools do that bears such words. */
const WRITES = new Set(['create_service_request', 'update_service_request_priority']);

export interface ClaimWatchParts {
  /** The agent claimed what no tool has done. */
  unproven(turnId: string, text: string): void;
}

export class ClaimWatch implements EventReader {
  readonly #parts: ClaimWatchParts;
  /** Numbers of requests that this call made, changed or was told of. */
  readonly #knownNumbers = new Set<string>();
  #hasWritten = false;
  #isOnlyNoted = false;
  #guestTurns = 0;
  /** One correction for each turn of the guest: an agent that insists would go on for ever. */
  #wasCorrected = false;

  constructor(parts: ClaimWatchParts) {
    this.#parts = parts;
  }

  words(): void {}

  happened({ happening }: CallEvent): void {
    switch (happening.kind) {
      case 'request-created':
      case 'request-changed':
      case 'request-confirmed':
        this.#knownNumbers.add(String(happening.number));
        return;
      case 'request-noted':
        // Kept safe, but nobody has seen it: "I have requested" would not be true.
        this.#isOnlyNoted = true;
        return;
      case 'tool-ended': {
        const isOnlyNoted = this.#isOnlyNoted;
        this.#isOnlyNoted = false;
        if (happening.outcome !== 'ok') return;
        for (const [number] of happening.result.matchAll(/\b\d{2,}\b/g)) this.#knownNumbers.add(number);
        if (WRITES.has(happening.tool) && !isOnlyNoted) {
          this.#hasWritten = true;
          this.#guestTurns = 0;
        }
        return;
      }
      case 'guest-said':
        this.#wasCorrected = false;
        // What was done may be spoken of in the next exchange too ("anything else?"); after that it is a new claim.
        if (++this.#guestTurns > 1) this.#hasWritten = false;
        return;
      case 'agent-said':
        if (this.#hasWritten || this.#wasCorrected) return;
        if (!isClaim(happening.text) || this.#namesKnown(happening.text)) return;
        this.#wasCorrected = true;
        return this.#parts.unproven(happening.turnId, happening.text);
      default:
    }
  }

  #namesKnown(text: string): boolean {
    const digits = text.match(/\d+/g) ?? [];
    return digits.some((number) => this.#knownNumbers.has(number));
  }
}

/** @returns whether the words say that something was set going. Questions and offers do not. */
export function isClaim(text: string): boolean {
  return text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => !sentence.endsWith('?'))
    .some((sentence) => CLAIMS.some((claim) => claim.test(sentence)));
}

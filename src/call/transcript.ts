/**
 * The words of a call in the order they were spoken. Guest transcripts arrive late and agent turns may be cut:
 * a turn's place is given when it begins, its text when it is known. Pure.
 */

export interface TranscriptTurn {
  turnId: string;
  order: number;
  speaker: 'guest' | 'agent';
  text: string;
}

export class Transcript {
  #turns = new Map<string, TranscriptTurn>();
  #nextOrder = 1;

  /** Gives the turn its place, once. */
  begin(turnId: string, speaker: 'guest' | 'agent'): TranscriptTurn {
    let turn = this.#turns.get(turnId);
    if (!turn) {
      turn = { turnId, order: this.#nextOrder++, speaker, text: '' };
      this.#turns.set(turnId, turn);
    }
    return turn;
  }

  /** The turn's words so far; replaces what was known. */
  words(turnId: string, speaker: 'guest' | 'agent', text: string): TranscriptTurn {
    const turn = this.begin(turnId, speaker);
    turn.text = text;
    return turn;
  }

  /** @returns the turn when it was begun and not closed. */
  get(turnId: string): TranscriptTurn | undefined {
    return this.#turns.get(turnId);
  }

  /** The turn is settled: nothing more is remembered of it. @returns what it came to. */
  close(turnId: string): TranscriptTurn | undefined {
    const turn = this.#turns.get(turnId);
    this.#turns.delete(turnId);
    return turn;
  }

  /** The agent's turns that are still open. */
  openAgentTurns(): TranscriptTurn[] {
    return [...this.#turns.values()].filter((turn) => turn.speaker === 'agent');
  }
}

/**
 * The words heard of a turn that was cut, by the share of its audio that was played.
 * @returns whole words only, with an ellipsis when some are missing.
 */
export function heardWords(text: string, heardMs: number, receivedMs: number): string {
  if (receivedMs <= 0 || heardMs <= 0) return '';
  if (heardMs >= receivedMs) return text;
  const words = text.split(/\s+/);
  const heard = Math.floor((words.length * heardMs) / receivedMs);
  return heard === 0 ? '…' : `${words.slice(0, heard).join(' ')} …`;
}

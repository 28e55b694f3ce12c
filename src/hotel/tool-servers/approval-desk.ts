/**
 * Questions of calls to staff: may this tool be used, with exactly these arguments? Whatever goes wrong means no; the first
 * answer stands, and the book decides which it was. An answer is good for one use by the one who asked.
 */
import type { Clock } from '../../call/ports.ts';
import type { ToolPath } from '../../call/call-event.ts';
import type { ApprovalBook, ApprovalDecision, ApprovalQuestion } from './ports.ts';

/** Open questions of all calls: more than staff could ever answer in time. One beyond them is denied at once. */
const MAX_OPEN = 200;
const WAIT_MS = 20_000;
/** How long the book may take to tell what stands when the time is over. */
const BOOK_MS = 1_000;

export interface ApprovalDeskOptions {
  book: ApprovalBook;
  clock: Clock;
  /** @returns a new UUID. */
  newId: () => string;
  waitMs?: number | undefined;
}

export interface ApprovalWish {
  callId: string;
  server: string;
  tool: string;
  /** As staff are shown them. */
  argumentsJson: string;
  path: ToolPath;
  /** Of the call: its end cancels the question. */
  signal: AbortSignal;
  /** Staff can see the question from now on. */
  asked?(approvalId: string): void;
}

interface Open {
  question: ApprovalQuestion;
  settle(decision: ApprovalDecision): void;
}

export class ApprovalDesk {
  readonly #options: ApprovalDeskOptions;
  readonly #waitMs: number;
  readonly #open = new Map<string, Open>();

  constructor(options: ApprovalDeskOptions) {
    this.#options = options;
    this.#waitMs = options.waitMs ?? WAIT_MS;
  }

  /** Never rejects. @returns the decision, within `waitMs` and the second that the book may take. */
  async ask(wish: ApprovalWish): Promise<ApprovalDecision> {
    if (wish.signal.aborted) return 'cancelled';
    if (this.#open.size >= MAX_OPEN) return 'denied';
    const { newId, clock } = this.#options;
    const { callId, server, tool, argumentsJson, path } = wish;
    const id = newId();
    const askedAt = clock.wallTime();
    const expiresAt = new Date(askedAt.getTime() + this.#waitMs);
    const question = { id, callId, server, tool, argumentsJson, path, askedAt, expiresAt };
    try {
      return await this.#answered(question, wish);
    } finally {
      this.#open.delete(id);
    }
  }

  /** Staff answered, here or elsewhere. Unknown and late answers are nothing. */
  heard(id: string, decision: ApprovalDecision): void {
    this.#open.get(id)?.settle(decision);
  }

  /** Questions that wait for an answer, oldest first. */
  pending(): ApprovalQuestion[] {
    return [...this.#open.values()].map(({ question }) => question);
  }

  #answered(question: ApprovalQuestion, { signal, asked }: ApprovalWish): Promise<ApprovalDecision> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const settle = (decision: ApprovalDecision): void => {
        stopWaiting();
        signal.removeEventListener('abort', cancelled);
        resolve(decision);
      };
      const cancelled = (): void => {
        // Nobody hears the answer any more; staff see that there is nothing left to decide.
        void this.#close(question.id, 'cancelled');
        settle('cancelled');
      };
      const expired = (): void => void this.#close(question.id, 'expired').then(settle);
      const stopWaiting = clock.after(this.#waitMs, expired);
      signal.addEventListener('abort', cancelled, { once: true });
      this.#open.set(question.id, { question, settle });
      void this.#opened(question, settle).then((isOpen) => isOpen && asked?.(question.id));
    });
  }

  /** @returns whether staff can see the question now, and it still waits. */
  async #opened(question: ApprovalQuestion, settle: (decision: ApprovalDecision) => void): Promise<boolean> {
    try {
      await this.#options.book.open(question);
    } catch {
      settle('denied');
      return false;
    }
    if (this.#open.has(question.id)) return true;
    // It was over before the book had it: what closed it then found nothing.
    void this.#close(question.id, 'cancelled');
    return false;
  }

  /** @returns what stands in the book; what was to be written when it does not tell in time. */
  async #close(id: string, how: 'expired' | 'cancelled'): Promise<ApprovalDecision> {
    const tooLate = Promise.withResolvers<ApprovalDecision>();
    const stop = this.#options.clock.after(BOOK_MS, () => tooLate.resolve(how));
    try {
      return await Promise.race([this.#options.book.close(id, how), tooLate.promise]);
    } catch {
      return how;
    } finally {
      stop();
    }
  }
}

/** The caller's leg as long as there is one, and the ways to part with it. */
import type { CallRecord } from './call-record.ts';
import { END_REASONS, type EndReason } from './call-state.ts';
import type { CallControl, CallerLeg } from './ports.ts';

export class CallerSide {
  readonly #record: CallRecord;
  readonly #control: CallControl;
  #leg: CallerLeg | undefined;

  constructor(record: CallRecord, control: CallControl) {
    this.#record = record;
    this.#control = control;
  }

  get leg(): CallerLeg | undefined {
    return this.#leg;
  }

  opened(leg: CallerLeg): void {
    this.#leg = leg;
  }

  /** The stream went away by itself. */
  lost(): CallerLeg | undefined {
    const leg = this.#leg;
    const counts = leg?.oddities() ?? {};
    if (Object.keys(counts).length > 0) this.#record.note({ kind: 'carrier-oddities', counts });
    this.#leg = undefined;
    return leg;
  }

  /** Closes the stream: the carrier goes on with what follows it. */
  close(): void {
    this.lost()?.close();
  }

  /** The call ends: what is our doing is told to the carrier before the stream is closed (rule END-32). */
  end(reason: EndReason): void {
    const leg = this.lost();
    const doneBy = END_REASONS[reason];
    const isOurDoing = doneBy === 'us' || doneBy === 'staff' || doneBy === 'agent';
    // When Bellhop is stopped, or fails, the guest is not done: what follows the stream rings the front desk.
    const isGuestDone = isOurDoing && reason !== 'shutdown' && reason !== 'fault';
    if (!leg || !isGuestDone) return leg?.close();
    void this.#control.complete().finally(() => leg.close());
  }
}

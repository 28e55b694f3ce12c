/** The book of stays as calls use it: no question hangs on a database that is away. */
import type { Stay, StayBook } from '../hotel/ports.ts';
import type { DatabaseReach } from './database-reach.ts';

/** Each method throws DatabaseAway when the database does not answer in time. */
export class BoundedStays implements StayBook {
  readonly #book: StayBook;
  readonly #reach: DatabaseReach;

  constructor(book: StayBook, reach: DatabaseReach) {
    this.#book = book;
    this.#reach = reach;
  }

  inRoom(room: string, today: string): Promise<Stay[]> {
    return this.#reach.within(() => this.#book.inRoom(room, today));
  }

  roomExists(room: string): Promise<boolean> {
    return this.#reach.within(() => this.#book.roomExists(room));
  }

  bind(callId: string, stayId: string): Promise<void> {
    return this.#reach.within(() => this.#book.bind(callId, stayId));
  }
}

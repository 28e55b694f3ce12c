/** A hotel with its books in memory, a clock that the test owns, and calls that keep what happened in them. */
import type { Happening } from '../../src/call/call-event.ts';
import type { ToolResult } from '../../src/call/ports.ts';
import type { CallTools } from '../../src/hotel/call-tools.ts';
import { roomsOf } from '../../src/hotel/hotel.ts';
import type { Stay } from '../../src/hotel/ports.ts';
import type { OutsideTools } from '../../src/hotel/tool-servers/outside-tools.ts';
import { Toolbox } from '../../src/hotel/toolbox.ts';
import { exampleHotel } from '../example-hotel.ts';
import { FakeClock } from '../fake-clock.ts';
import { MemoryLedger, MemoryRequests, MemoryStays } from './books.ts';

export interface CallOnStage {
  tools: CallTools;
  happenings: Happening[];
  /** Runs a tool under a new tool call id, as a function. */
  run(name: string, input?: unknown): Promise<ToolResult>;
  kinds(): string[];
  hangUp(): void;
}

/** @param servers tools of other servers, as the calls see them. */
export function hotelStage(servers?: (clock: FakeClock) => OutsideTools) {
  const clock = new FakeClock();
  const hotel = exampleHotel();
  const requests = new MemoryRequests(() => clock.wallTime());
  const stays = new MemoryStays(roomsOf(hotel));
  const ledger = new MemoryLedger();
  const toolbox = new Toolbox({ hotel, requests, stays, ledger, clock, outside: servers?.(clock) });

  function call(callId: string, stay?: Stay): CallOnStage {
    const happenings: Happening[] = [];
    const end = new AbortController();
    const happened = (happening: Happening): void => void happenings.push(happening);
    const tools = toolbox.open({ callId, stay, happened, signal: end.signal });
    let count = 0;
    return {
      tools,
      happenings,
      run: (name, input = {}) => tools.run(name, input, `t${++count}`, 'function'),
      kinds: () => happenings.map(({ kind }) => kind),
      hangUp: () => end.abort(),
    };
  }
  return { clock, hotel, requests, stays, ledger, toolbox, call };
}

export const TOWELS = { summary: 'Two extra towels, please', room_number: '412' };
export const MILLER = { room_number: '412', last_name: 'Miller' };

/** Lets everything that waits for nothing but promises go on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether and how a call is put through: department, hours, bounds, and what the guest and the colleague hear. */
import type { TransferDesk } from '../call/ports.ts';
import { colleagueWords } from './colleague-words.ts';
import { nextOpening, type Department, type HotelProfile } from './hotel.ts';
import { spokenTime } from './spoken.ts';
import { CallTransfers, type TransferHour } from './transfer-allowance.ts';

export interface TransferTime {
  nowMs(): number;
  wallTime(): Date;
}

/** @param hour shared by the calls of an instance. @returns the desk of one call. */
export function transferDesk(hotel: HotelProfile, time: TransferTime, hour: TransferHour): TransferDesk {
  const tries = new CallTransfers(hotel.transfers);
  return {
    frontDesk: hotel.front_desk,
    grant(id, summary) {
      const department = Object.hasOwn(hotel.departments, id) ? hotel.departments[id] : undefined;
      if (!department) return { isGranted: false, reason: 'There is no such department. Offer the front desk.' };
      const refusal =
        unreachable(hotel, department, time.wallTime()) ??
        beyondBounds(hotel, id, department, tries) ??
        beyondHour(hotel, id, department, hour.hasRoom(time.nowMs()));
      if (refusal !== undefined) {
        const other = id === hotel.front_desk ? '' : ' or the front desk';
        return { isGranted: false, reason: `${refusal} Offer to take a request${other}.` };
      }
      tries.count(id);
      hour.count(time.nowMs());
      const isWarm = (department.transfer ?? hotel.transfers.mode) === 'warm';
      return {
        isGranted: true,
        target: {
          department: id,
          announcement: `One moment, please. I am putting you through to ${department.name}.`,
          colleagueWords: isWarm ? colleagueWords(department.name, summary) : undefined,
        },
      };
    },
  };
}

function unreachable({ time_zone }: HotelProfile, { name, number, hours }: Department, at: Date): string | undefined {
  if (!number) return `${capital(name)} takes no calls.`;
  const opening = nextOpening(hours, time_zone, at);
  if (!opening) return undefined;
  return `${capital(name)} is closed until ${spokenTime(opening.time)}${opening.isTomorrow ? ' tomorrow' : ''}.`;
}

/** After many tries elsewhere the front desk is still tried: somebody may be in danger. */
function beyondBounds(hotel: HotelProfile, id: string, { name }: Department, tries: CallTransfers): string | undefined {
  const broken = tries.broken(id);
  if (broken === 'department') return `${capital(name)} did not take the call in ${counted(tries.triesOf(id))}.`;
  if (broken === 'call' && id !== hotel.front_desk)
    return `Nobody took the call in ${counted(hotel.transfers.per_call)}, so there is no other one.`;
  return undefined;
}

/** The front desk is rung whenever a stream goes away, so the hour's bound spares it too. */
function beyondHour(hotel: HotelProfile, id: string, { name }: Department, hasRoom: boolean): string | undefined {
  if (hasRoom || id === hotel.front_desk) return undefined;
  return `No more calls can go to ${name} at the moment.`;
}

const counted = (tries: number): string => (tries === 1 ? 'one try' : `${tries} tries`);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whether and how a call is put through: department, hours, bounds, and what the guest and the colleague hear. */
import type { TransferDesk } from '../call/ports.ts';
import { CallLanguage } from './call-language.ts';
import { colleagueWords } from './colleague-words.ts';
import { nextOpening, type Department, type HotelProfile } from './hotel.ts';
import { departmentName, firstLanguage, wordsIn } from './languages.ts';
import { CallTransfers, type TransferHour } from './transfer-allowance.ts';
import type { HotelWords } from './words/hotel-words.ts';

export interface TransferTime {
  nowMs(): number;
  wallTime(): Date;
}

/**
 * @param hour shared by the calls of an instance. @param language of the call; colleagues hear the hotel's first one.
 * @returns the desk of one call.
 */
export function transferDesk(
  hotel: HotelProfile,
  time: TransferTime,
  hour: TransferHour,
  language: Pick<CallLanguage, 'code'> = new CallLanguage(hotel),
): TransferDesk {
  const tries = new CallTransfers(hotel.transfers);
  return {
    frontDesk: hotel.front_desk,
    grant(id, summary) {
      const department = Object.hasOwn(hotel.departments, id) ? hotel.departments[id] : undefined;
      if (!department) return { isGranted: false, reason: 'There is no such department. Offer the front desk.' };
      const words = wordsIn(language.code);
      const name = departmentName(hotel, id, language.code);
      const asked: Asked = { hotel, id, name, department, words };
      const refusal =
        unreachable(asked, time.wallTime()) ??
        beyondBounds(asked, tries) ??
        beyondHour(asked, hour.hasRoom(time.nowMs()));
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
          announcement: words.transfer.announcement(name),
          colleagueWords: isWarm ? colleagueWords(department.name, summary, wordsIn(firstLanguage(hotel))) : undefined,
        },
      };
    },
  };
}

interface Asked {
  hotel: HotelProfile;
  id: string;
  /** As it is called in the call's language. */
  name: string;
  department: Department;
  words: HotelWords;
}

function unreachable({ hotel, name, department: { number, hours }, words }: Asked, at: Date): string | undefined {
  if (!number) return words.transfer.takesNoCalls(name);
  const opening = nextOpening(hours, hotel.time_zone, at);
  return opening && words.transfer.closed(name, words.time(opening.time), opening.isTomorrow);
}

/** After many tries elsewhere the front desk is still tried: somebody may be in danger. */
function beyondBounds({ hotel, id, name, words }: Asked, tries: CallTransfers): string | undefined {
  const broken = tries.broken(id);
  if (broken === 'department') return words.transfer.notTaken(name, tries.triesOf(id));
  if (broken === 'call' && id !== hotel.front_desk) return words.transfer.nobody(hotel.transfers.per_call);
  return undefined;
}

/** The front desk is rung whenever a stream goes away, so the hour's bound spares it too. */
function beyondHour({ hotel, id, name, words }: Asked, hasRoom: boolean): string | undefined {
  return hasRoom || id === hotel.front_desk ? undefined : words.transfer.noMore(name);
}

/** Functions that are always ours: putting the guest through, and hanging up. Numbers never come from the model (T1). */
import { z } from 'zod';
import type { OwnFunctionReader, TransferDesk } from '../call/ports.ts';
import { isOpenAt, type HotelProfile } from './hotel.ts';
import { spokenTime } from './spoken.ts';
import type { ToolDefinition } from './tool.ts';
import { parametersOf } from './toolbox.ts';

const TRANSFER = 'transfer_call';
const HANG_UP = 'hang_up';
const annotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Words for colleagues and the record: too long ones are cut, not refused, since a guest is waiting. */
const words = (maxLength: number) =>
  z
    .string()
    .default('')
    .transform((text) => text.slice(0, maxLength));

const hangUpInput = z.object({ reason: words(200).describe('Why, in a few words.') });

function transferInput(hotel: HotelProfile) {
  return z.object({
    department: z.enum(departmentsToDial(hotel)).describe('Who the guest is put through to.'),
    reason: words(200).describe('Why, in a few words.'),
    summary: words(400).describe('What the colleague should know before they speak.'),
  });
}

function departmentsToDial(hotel: HotelProfile): [string, ...string[]] {
  const ids = Object.keys(hotel.departments).filter((id) => hotel.departments[id]?.number !== undefined);
  return ids as [string, ...string[]];
}

export function ownFunctionDefinitions(hotel: HotelProfile): ToolDefinition[] {
  return [
    {
      name: TRANSFER,
      description:
        'Puts the guest through to a person of a department. Use it when they ask for a person or when you cannot help.',
      parameters: parametersOf(transferInput(hotel)),
      annotations,
    },
    {
      name: HANG_UP,
      description: 'Ends the call. Say goodbye first, and only when the guest has nothing more to say.',
      parameters: parametersOf(hangUpInput),
      annotations,
    },
  ];
}

export function ownFunctionReader(hotel: HotelProfile): OwnFunctionReader {
  const transfer = transferInput(hotel);
  return (name, argumentsJson) => {
    if (name !== TRANSFER && name !== HANG_UP) return undefined;
    const fields = parseJson(argumentsJson);
    if (name === HANG_UP) return { kind: 'hang-up', reason: hangUpInput.safeParse(fields).data?.reason ?? '' };
    const parsed = transfer.safeParse(fields);
    if (!parsed.success)
      return {
        kind: 'mistake',
        text: `The arguments must be a JSON object with a department, one of: ${departmentsToDial(hotel).join(', ')}.`,
      };
    return { kind: 'transfer', ...parsed.data };
  };
}

/** @param now the wall time. */
export function transferDesk(hotel: HotelProfile, now: () => Date): TransferDesk {
  return {
    frontDesk: hotel.front_desk,
    check(id) {
      const department = Object.hasOwn(hotel.departments, id) ? hotel.departments[id] : undefined;
      if (!department) return { isOpen: false, reason: 'There is no such department. Offer the front desk.' };
      if (!department.number)
        return {
          isOpen: false,
          reason: `${capital(department.name)} takes no calls. Offer to take a request or the front desk.`,
        };
      if (!isOpenAt(department.hours, hotel.time_zone, now())) {
        const until = department.hours === 'always' ? '' : ` until ${spokenTime(department.hours.from)}`;
        return {
          isOpen: false,
          reason: `${capital(department.name)} is closed${until}. Offer to take a request or the front desk.`,
        };
      }
      return {
        isOpen: true,
        target: { department: id, announcement: `One moment, please. I am putting you through to ${department.name}.` },
      };
    },
  };
}

/** The numbers that can be dialled, for the carrier's side. */
export function dialNumbers(hotel: HotelProfile): Record<string, string> {
  return Object.fromEntries(departmentsToDial(hotel).map((id) => [id, hotel.departments[id]?.number ?? '']));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}

/** Functions that are always ours: putting the guest through, hanging up, changing the language. Numbers never come from the model (T1). */
import { z } from 'zod';
import type { OwnFunctionReader } from '../call/ports.ts';
import type { HotelProfile } from './hotel.ts';
import { englishNameOf } from './languages.ts';
import type { ToolDefinition } from './tool.ts';
import { parametersOf } from './toolbox.ts';

const TRANSFER = 'transfer_call';
const HANG_UP = 'hang_up';
const SWITCH_LANGUAGE = 'switch_language';
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

function languageInput({ languages }: HotelProfile) {
  return z.object({
    language: z
      .enum(languages as [string, ...string[]])
      .describe(`The language asked for: ${languages.map((code) => `${code} is ${englishNameOf(code)}`).join(', ')}.`),
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
    ...(hotel.languages.length > 1 ? [languageFunction(hotel)] : []),
  ];
}

const languageFunction = (hotel: HotelProfile): ToolDefinition => ({
  name: SWITCH_LANGUAGE,
  description: 'Changes the language of the call. Use it only when the guest asks for another language.',
  parameters: parametersOf(languageInput(hotel)),
  annotations,
});

export function ownFunctionReader(hotel: HotelProfile): OwnFunctionReader {
  const transfer = transferInput(hotel);
  const language = languageInput(hotel);
  const hasLanguages = hotel.languages.length > 1;
  return (name, argumentsJson) => {
    if (name !== TRANSFER && name !== HANG_UP && !(hasLanguages && name === SWITCH_LANGUAGE)) return undefined;
    const fields = parseJson(argumentsJson);
    if (name === SWITCH_LANGUAGE) {
      const asked = language.safeParse(fields);
      return asked.success
        ? { kind: 'language', ...asked.data }
        : { kind: 'mistake', text: `The language must be one of: ${hotel.languages.join(', ')}.` };
    }
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

/** The numbers that can be dialled, for the carrier's side. */
export function dialNumbers(hotel: HotelProfile): Record<string, string> {
  return Object.fromEntries(departmentsToDial(hotel).map((id) => [id, hotel.departments[id]?.number ?? '']));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}

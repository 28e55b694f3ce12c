/** The hotel's profile: what `bellhop.yaml` says under `hotel`, its schema and what follows from it. Pure. */
import { z } from 'zod';
import { isCostly } from './costly-number.ts';

const languageCode = z
  .string()
  .regex(/^[a-z]{2}$/, 'expected a language of two letters such as en')
  .refine((code) => !/^[a-z]{2}$/.test(code) || isLanguage(code), 'expected a language that there is, such as en');

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 07:00');

const hoursSchema = z.union(
  [
    z.literal('always'),
    z
      .strictObject({ from: clockTime, to: clockTime })
      .describe('Opening hours in the hotel’s time zone; `to` before `from` runs past midnight.'),
  ],
  'expected always, or times of day such as { from: "09:00", to: "19:00" }',
);
export type Hours = z.infer<typeof hoursSchema>;

const NUMBER_FORM = 'expected a number in E.164 form and in quotes, such as "+15550100", or sip:name@host';

/** Short numbers, pauses and service codes do not fit the form (T1). */
const telephone = z
  .string(NUMBER_FORM)
  .regex(/^(\+[1-9]\d{6,14}|sips?:[^\s;?,*]+@[^\s;?,*]+)$/, NUMBER_FORM)
  .refine(
    (number) => !isCostly(number),
    'expected a number at the usual cost: premium and satellite numbers are refused',
  );

const ROOM_FORM = 'expected a room such as 412 or a range such as 401-420';

/** YAML reads a bare 412 as a number. */
const roomsEntry = z.preprocess(
  (given) => (typeof given === 'number' ? String(given) : given),
  z
    .string(ROOM_FORM)
    .regex(/^\d{1,5}(-\d{1,5})?$/, ROOM_FORM)
    .refine((entry) => roomsOfEntry(entry).length > 0, 'expected a range from the lower room to the higher one'),
);

/** `warm`: the colleague who answers hears what it is about and takes the call with a key. `cold`: they have it at once. */
const transferMode = z.enum(['warm', 'cold'], 'expected warm or cold');

const limit = (most: number) => {
  const expected = `expected a whole number from 1 to ${most}`;
  return z.int(expected).min(1, expected).max(most, expected);
};

const transfersSchema = z.strictObject({
  mode: transferMode.default('warm'),
  per_call: limit(20).default(3).describe('Tries in one call.'),
  per_department: limit(20).default(2).describe('Tries of the same department in one call.'),
  per_hour: limit(1000).default(60).describe('Tries within an hour in all calls; the front desk is spared.'),
});

const departmentSchema = z.strictObject({
  name: z.string().min(1).max(60),
  names: z.record(languageCode, z.string().min(1).max(60)).optional().describe('How it is called in other languages.'),
  number: telephone
    .optional()
    .describe('Where calls are put through to. Without it the department takes requests but no calls.'),
  hours: hoursSchema.default('always'),
  transfer: transferMode
    .optional()
    .describe('How calls are put through to it, when that differs from the hotel’s way.'),
  handles: z.array(z.string().min(1)).default([]).describe('What it looks after, in the words guests use.'),
});
export type Department = z.infer<typeof departmentSchema>;

const departmentId = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected lower-case letters, digits and dashes');

const factName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes');

/** What the hotel says: in its first language, or in each. */
const spoken = (least: number, most: number) => {
  const text = z.string().min(least).max(most);
  return z.union([text, z.record(languageCode, text)], 'expected a text, or one for each language such as { en: "…" }');
};

export const hotelProfileSchema = z
  .strictObject({
    name: z.string().min(1).max(80),
    time_zone: z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Lisbon'),
    languages: z
      .array(languageCode)
      .min(1)
      .max(8)
      .refine((languages) => new Set(languages).size === languages.length, 'expected each language once')
      .default(['en'])
      .describe('Calls begin in the first; guests may ask for the others.'),
    rooms: z.array(roomsEntry).min(1),
    front_desk: departmentId.default('front-desk'),
    departments: z.record(departmentId, departmentSchema),
    transfers: transfersSchema.prefault({}),
    facts: z.record(factName, spoken(1, 600)).default({}),
    agent: z
      .strictObject({
        name: z.string().default('Bell'),
        voice: z.string().default('marin'),
        notice: spoken(20, 300)
          .optional()
          .describe(
            'The first words: that it is an AI and that the call is transcribed. Always said, never cut short.',
          ),
        greeting: spoken(1, 300).optional().describe('What follows the notice.'),
        instructions: z.string().max(8000).optional(),
      })
      .default({ name: 'Bell', voice: 'marin' }),
  })
  .superRefine((profile, context) => {
    if (!profile.departments[profile.front_desk]?.number)
      context.addIssue({
        code: 'custom',
        path: ['departments', profile.front_desk, 'number'],
        message: 'expected the front desk to have a number: calls must always be able to end with a person',
      });
    const [first = 'en'] = profile.languages;
    for (const [path, text] of textsOf(profile))
      if (typeof text === 'object' && text[first] === undefined)
        context.addIssue({ code: 'custom', path, message: `expected it in ${first} too, in which calls begin` });
  });
export type HotelProfile = z.infer<typeof hotelProfileSchema>;

type Spoken = string | Record<string, string> | undefined;

/** What may be in several languages, with its place in the profile. */
const textsOf = ({ facts, agent }: Pick<HotelProfile, 'facts' | 'agent'>): [path: string[], text: Spoken][] => [
  ...Object.entries(facts).map(([name, text]): [string[], Spoken] => [['facts', name], text]),
  [['agent', 'notice'], agent.notice],
  [['agent', 'greeting'], agent.greeting],
];

/** @returns every room of the profile once, ranges expanded, as the hotel writes them. */
export function roomsOf(profile: HotelProfile): string[] {
  return [...new Set(profile.rooms.flatMap(roomsOfEntry))];
}

function roomsOfEntry(entry: string): string[] {
  const [first = '', last] = entry.split('-');
  if (last === undefined) return [first];
  const rooms: string[] = [];
  for (let room = Number(first); room <= Number(last); room++) rooms.push(String(room).padStart(first.length, '0'));
  return rooms;
}

/** @returns whether a department answers at this moment. @param at wall time. */
export function isOpenAt(hours: Hours, timeZone: string, at: Date): boolean {
  if (hours === 'always') return true;
  const now = clockTimeAt(timeZone, at);
  return hours.from <= hours.to ? now >= hours.from && now < hours.to : now >= hours.from || now < hours.to;
}

/** @returns when a department answers again, `HH:MM` of the hotel's day or the next; undefined while it does. @param at wall time. */
export function nextOpening(
  hours: Hours,
  timeZone: string,
  at: Date,
): { time: string; isTomorrow: boolean } | undefined {
  if (hours === 'always' || isOpenAt(hours, timeZone, at)) return undefined;
  return { time: hours.from, isTomorrow: clockTimeAt(timeZone, at) >= hours.from };
}

const clockTimeAt = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** @returns the date of the hotel's calendar, `YYYY-MM-DD`. */
export function hotelDate(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

function isLanguage(code: string): boolean {
  return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(code) !== undefined;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Times of day as they are said, from words to a moment and back. Knows no clock: "tomorrow" stays a word. Pure. */
import { readPiece, speakCount } from './concierge-numbers.ts';

export type Moment =
  | { kind: 'clock'; /** 1 to 12. */ hour: number; minute: number; half?: 'am' | 'pm'; day?: 'today' | 'tomorrow' }
  /** From now; 0 is as soon as possible. */
  | { kind: 'soon'; minutes: number };

export interface FoundMoment {
  moment: Moment;
  /** Index of its first word and of the word after it. */
  start: number;
  end: number;
  /** Said in a way that can be nothing but a time: "half past", "o'clock", "p m". A bare "four twelve" is not. */
  isCertain: boolean;
}

const HALF_WORDS: readonly [RegExp, 'am' | 'pm'][] = [
  [/\b(am|morning|breakfast)\b/, 'am'],
  [/\b(pm|afternoon|evening|tonight|night|dinner)\b/, 'pm'],
];
const BEFORE = new Set(['to', 'till', 'before', 'of']);
const AFTER = new Set(['past', 'after']);

/** @returns the first time of day in these words; words for which `isTaken` holds are something else. */
export function findMoment(words: readonly string[], isTaken: (index: number) => boolean): FoundMoment | undefined {
  let uncertain: FoundMoment | undefined;
  for (let at = 0; at < words.length; at++) {
    if (isTaken(at)) continue;
    const found = readSoon(words, at) ?? readClock(words, at);
    if (!found || spans(found, isTaken)) continue;
    if (found.isCertain || /^(at|by|until|till|around|about)$/.test(words[at - 1] ?? '')) return withDay(found, words);
    uncertain ??= found;
    at = found.end - 1;
  }
  return uncertain && withDay(uncertain, words);
}

function spans(found: FoundMoment, isTaken: (index: number) => boolean): boolean {
  for (let index = found.start; index < found.end; index++) if (isTaken(index)) return true;
  return false;
}

function readSoon(words: readonly string[], at: number): FoundMoment | undefined {
  const rest = words.slice(at, at + 4).join(' ');
  const soon = /^(as soon as possible|asap|immediately|right now|right away|straight away|now)\b/.exec(rest);
  const soonWords = soon?.[0].split(' ').length;
  if (soonWords) return { moment: { kind: 'soon', minutes: 0 }, start: at, end: at + soonWords, isCertain: true };
  if (words[at] !== 'in') return undefined;
  const hour = /^in (half an|an|one|two|three) hours?\b/.exec(rest);
  if (hour) {
    const minutes = { 'half an': 30, two: 120, three: 180 }[hour[1] ?? ''] ?? 60;
    return { moment: { kind: 'soon', minutes }, start: at, end: at + hour[0].split(' ').length, isCertain: true };
  }
  const piece = readPiece(words, at + 1);
  if (!piece || !/^minutes?$/.test(words[piece.end] ?? '')) return undefined;
  return { moment: { kind: 'soon', minutes: piece.value }, start: at, end: piece.end + 1, isCertain: true };
}

function readClock(words: readonly string[], at: number): FoundMoment | undefined {
  const word = words[at];
  if (word === 'noon' || word === 'midday') return clock(12, 0, at, at + 1, true, 'pm');
  if (word === 'midnight') return clock(12, 0, at, at + 1, true, 'am');
  return readRelative(words, at) ?? readHourMinute(words, at);
}

/** "half past six", "a quarter to eight", "ten past six", "twenty minutes to seven". */
function readRelative(words: readonly string[], at: number): FoundMoment | undefined {
  const word = words[at];
  const named = { half: 30, quarter: 15 }[word ?? ''];
  const piece = named === undefined ? readPiece(words, at) : { value: named, end: at + 1 };
  // Only fives: "two to four twelve" is a count and a room.
  if (!piece || piece.value === 0 || piece.value > 59 || piece.value % 5 !== 0) return undefined;
  const link = /^minutes?$/.test(words[piece.end] ?? '') ? piece.end + 1 : piece.end;
  const isBefore = BEFORE.has(words[link] ?? '');
  if (!isBefore && !AFTER.has(words[link] ?? '')) return undefined;
  const hour = readPiece(words, link + 1);
  if (!hour || hour.value < 1 || hour.value > 12) return undefined;
  const base = isBefore ? (hour.value === 1 ? 12 : hour.value - 1) : hour.value;
  return clock(base, isBefore ? 60 - piece.value : piece.value, at, hour.end, true);
}

/** "seven", "seven thirty", "six oh five", "eighteen hundred", "7 30", each with or without "o'clock" or "p m". */
function readHourMinute(words: readonly string[], at: number): FoundMoment | undefined {
  const hour = readPiece(words, at);
  if (!hour) return undefined;
  if (hour.value >= 100 && hour.value <= 2359 && hour.value % 100 < 60)
    return clock(Math.floor(hour.value / 100), hour.value % 100, at, hour.end, false, halfAt(words, hour.end));
  if (hour.value > 23 || (hour.value === 0 && hour.digits === '0')) return undefined;
  const minute = readMinute(words, hour.end);
  const end = minute?.end ?? hour.end;
  const isOClock = words[end] === "o'clock";
  const half = halfAt(words, isOClock ? end + 1 : end);
  const found = clock(
    hour.value,
    minute?.value ?? 0,
    at,
    isOClock ? end + 1 : end,
    isOClock || half !== undefined,
    half,
  );
  // Any further number means a room or another number, not a time.
  return !found.isCertain && readPiece(words, end) ? undefined : found;
}

function readMinute(words: readonly string[], at: number): { value: number; end: number } | undefined {
  const piece = readPiece(words, at);
  if (!piece) return undefined;
  if (piece.digits === '0' && /^(oh|o|zero)$/.test(words[at] ?? '')) {
    const unit = readPiece(words, piece.end);
    return unit && unit.value <= 9 ? { value: unit.value, end: unit.end } : undefined;
  }
  return piece.digits.length === 2 && piece.value < 60 ? piece : undefined;
}

/** The half of the day said right behind the time: "p m", "in the morning", "tonight". */
function halfAt(words: readonly string[], at: number): 'am' | 'pm' | undefined {
  const next = words.slice(at, at + 4).join(' ');
  const said = /^(am|pm|(?:in the |tomorrow |this |at )?(?:morning|afternoon|evening|night|tonight))\b/.exec(next)?.[0];
  return said === undefined ? undefined : HALF_WORDS.find(([words]) => words.test(said))?.[1];
}

function clock(
  hour: number,
  minute: number,
  start: number,
  end: number,
  isCertain: boolean,
  half?: 'am' | 'pm',
): FoundMoment {
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const isNamed = hour > 12 || hour === 0;
  return {
    moment: { kind: 'clock', hour: twelve, minute, half: isNamed ? (hour === 0 ? 'am' : 'pm') : half },
    start,
    end,
    isCertain,
  };
}

function withDay(found: FoundMoment, words: readonly string[]): FoundMoment {
  if (found.moment.kind === 'soon') return found;
  const text = words.join(' ');
  const half =
    found.moment.half ??
    HALF_WORDS.find(([said]) => said.test(text.replace(/good (morning|evening|afternoon|night)/g, '')))?.[1];
  const day = /\btomorrow\b/.test(text)
    ? 'tomorrow'
    : /\b(today|tonight|this (morning|afternoon|evening))\b/.test(text)
      ? 'today'
      : undefined;
  return { ...found, moment: { ...found.moment, ...(half && { half }), ...(day && { day }) } };
}

/** For staff: "7:30 am tomorrow", "as soon as possible", "in 20 minutes". */
export function writeMoment(moment: Moment): string {
  if (moment.kind === 'soon') return moment.minutes === 0 ? 'as soon as possible' : `in ${moment.minutes} minutes`;
  const minute = String(moment.minute).padStart(2, '0');
  return `at ${moment.hour}:${minute}${moment.half ? ` ${moment.half}` : ''}${moment.day ? ` ${moment.day}` : ''}`;
}

/** For the guest: "at seven thirty in the morning", "at noon", "in twenty minutes". */
export function speakMoment(moment: Moment): string {
  if (moment.kind === 'soon')
    return moment.minutes === 0 ? 'as soon as possible' : `in ${speakMinutes(moment.minutes)}`;
  const day = moment.day === undefined ? '' : ` ${moment.day}`;
  if (moment.hour === 12 && moment.minute === 0 && moment.half)
    return `at ${moment.half === 'pm' ? 'noon' : 'midnight'}${day}`;
  const minute =
    moment.minute === 0
      ? moment.half
        ? ''
        : " o'clock"
      : ` ${moment.minute < 10 ? 'oh ' : ''}${speakCount(moment.minute)}`;
  return `at ${speakCount(moment.hour)}${minute}${speakHalf(moment, day)}`;
}

function speakMinutes(minutes: number): string {
  if (minutes === 30) return 'half an hour';
  if (minutes % 60 === 0) return minutes === 60 ? 'an hour' : `${speakCount(minutes / 60)} hours`;
  return `${speakCount(minutes)} minutes`;
}

/** "in the morning", "tomorrow morning", "this evening". */
function speakHalf(moment: { hour: number; half?: 'am' | 'pm' }, day: string): string {
  if (!moment.half) return day;
  const isAfternoon = moment.half === 'pm' && (moment.hour === 12 || moment.hour < 6);
  const part = moment.half === 'am' ? 'morning' : isAfternoon ? 'afternoon' : 'evening';
  return day === ' tomorrow' ? ` tomorrow ${part}` : day === ' today' ? ` this ${part}` : ` in the ${part}`;
}

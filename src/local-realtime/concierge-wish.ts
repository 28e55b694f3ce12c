/** One wish of a guest on its way to becoming a request: what it is, what it still needs, and how it is worded. Pure. */
import { FRONT_DESK, HOUSEKEEPING, MAINTENANCE, ROOM_SERVICE } from './concierge-departments.ts';
import { EMERGENCY, type Service } from './concierge-services.ts';
import type { Fixture } from './concierge-things.ts';
import { speakCount } from './concierge-numbers.ts';
import { speakMoment, writeMoment, type Moment } from './concierge-times.ts';
import type { Line, Understood } from './concierge-understanding.ts';
import { enumerate, sentence } from './concierge-words.ts';

export type Priority = 'normal' | 'high' | 'urgent';
export type Piece = 'room' | 'time' | 'destination' | 'item';

export interface Wish {
  what:
    | { kind: 'lines'; of: 'amenity' | 'dish'; lines: Line[] }
    | { kind: 'fault'; fixture: Fixture; symptom: string }
    | { kind: 'service'; service: Service };
  moment?: Moment;
  destination?: string;
  priority: Priority;
  /** What the guest said, for staff. */
  said: string;
  /** It was read back to the guest and not yet answered. */
  isPresented: boolean;
  isConfirmed: boolean;
  /** The tool was called and has not answered yet. */
  isUnderWay: boolean;
  /** It corrects a request that was recorded before. */
  replaces?: { number: string; room: string | undefined };
}

/** @returns the wishes in one utterance; things of one kind are one wish. */
export function wishesIn(heard: Understood): Wish[] {
  const wishes: Wish['what'][] = [];
  for (const kind of ['amenity', 'dish'] as const) {
    const lines = heard.lines.filter(({ item }) => item.kind === kind);
    if (lines.length > 0) wishes.push({ kind: 'lines', of: kind, lines });
  }
  for (const { fixture, symptom } of heard.faults)
    if (symptom) wishes.push({ kind: 'fault', fixture, symptom: symptom });
  for (const service of heard.services) {
    // "A sandwich from room service" is the sandwich.
    const isNamed = service.id === 'room-service' && wishes.some((what) => what.kind === 'lines' && what.of === 'dish');
    if (!isNamed) wishes.push({ kind: 'service', service });
  }
  const isUrgent = heard.acts.has('urgent');
  return wishes.map((what) => ({
    what,
    priority: isUrgent ? 'urgent' : heard.acts.has('hurry') ? 'high' : priorityOf(what),
    said: heard.said ?? heard.text,
    isPresented: false,
    isConfirmed: false,
    isUnderWay: false,
  }));
}

/** @param said the guest's words. @returns the urgent wish that stands in for a call nobody takes. */
export function emergencyWish(said: string): Wish {
  const what = { kind: 'service' as const, service: EMERGENCY };
  return { what, priority: 'urgent', said, isPresented: false, isConfirmed: false, isUnderWay: false };
}

const priorityOf = (what: Wish['what']): Priority =>
  what.kind === 'service' ? (what.service.priority ?? 'normal') : 'normal';

/** @returns what has to be asked before it can be recorded, first things first. */
export function missingIn(wish: Wish, room: string | undefined): Piece | undefined {
  const needs: readonly Piece[] = wish.what.kind === 'service' ? wish.what.service.needs : [];
  if (needs.includes('item')) return 'item';
  if (needs.includes('time') && !wish.moment) return 'time';
  if (needs.includes('destination') && !wish.destination) return 'destination';
  return room === undefined ? 'room' : undefined;
}

/** @returns whether both are about the same thing. */
export function isSameThing(a: Wish, b: Wish): boolean {
  if (a.what.kind === 'lines') return b.what.kind === 'lines' && a.what.of === b.what.of;
  if (a.what.kind === 'fault') return b.what.kind === 'fault' && a.what.fixture === b.what.fixture;
  return b.what.kind === 'service' && a.what.service === b.what.service;
}

/** A time as this wish means it: wake-up calls are in the morning, late check-outs after noon. */
export function momentFor(wish: Wish, moment: Moment): Moment {
  if (moment.kind === 'soon' || moment.half || wish.what.kind !== 'service') return moment;
  const { id } = wish.what.service;
  if (id === 'wake-up') return { ...moment, half: moment.hour === 12 ? 'pm' : 'am' };
  if (id === 'late-check-out') return { ...moment, half: moment.hour >= 8 && moment.hour < 12 ? 'am' : 'pm' };
  if (id === 'early-check-in') return { ...moment, half: moment.hour === 12 || moment.hour < 5 ? 'pm' : 'am' };
  if (id === 'table') return { ...moment, half: 'pm' };
  return moment;
}

/** @returns its candidates for a department, best first. */
export function departmentsOf(wish: Wish): readonly string[] {
  const { what } = wish;
  if (what.kind === 'service') return what.service.departments;
  if (what.kind === 'fault') return MAINTENANCE;
  return what.of === 'dish' ? ROOM_SERVICE : [...HOUSEKEEPING, ...FRONT_DESK];
}

/** @returns it as the guest hears it: "two extra towels", "a taxi at eight o'clock to the airport". */
export function spokenWish(wish: Wish): string {
  const { what } = wish;
  if (what.kind === 'lines')
    return enumerate(what.lines.map(spokenLine)) + (what.of === 'dish' ? ' from room service' : '');
  if (what.kind === 'fault') return `someone to look at the ${what.fixture.name}`;
  const moment = wish.moment ? ` ${speakMoment(wish.moment)}` : '';
  return `${what.service.noun}${moment}${destinationWords(wish)}`;
}

/** @returns it in the fewest words: "the towels", "the air conditioning", "the taxi". */
export function subjectOf({ what }: Wish): string {
  if (what.kind === 'fault') return `the ${what.fixture.name}`;
  if (what.kind === 'service') return what.service.noun.replace(/^an? /, 'the ');
  const names = what.lines.map(({ item, isMany }) => (isMany ? item.many : item.one.replace(/^an? /, '')));
  return `the ${enumerate(names)}`;
}

function spokenLine({ item, count, isMany, isExtra }: Line): string {
  const extra = isExtra ? 'extra ' : '';
  if (count === undefined && isMany) return `some ${extra}${item.many}`;
  if (count === undefined || count === 1)
    return isExtra ? item.one.replace(/^an? /, 'one extra ').replace(/^(?!one extra )/, 'extra ') : item.one;
  return `${speakCount(count)} ${extra}${item.many}`;
}

const destinationWords = (wish: Wish): string => (wish.destination ? ` to ${wish.destination}` : '');

/** @returns one line for staff: "Two extra towels to room 412", "The shower is leaking in room 508". */
export function summaryOf(wish: Wish, room: string | undefined): string {
  const where = room === undefined ? '' : ` room ${room}`;
  return sentence(`${thingFor(wish)}${where && ` ${placeWord(wish)}${where}`}`);
}

function thingFor(wish: Wish): string {
  const { what } = wish;
  if (what.kind === 'fault') return `the ${what.fixture.name} ${what.symptom}`;
  if (what.kind === 'lines')
    return `${what.of === 'dish' ? 'room service: ' : ''}${enumerate(what.lines.map(spokenLine))}`;
  const moment = wish.moment ? ` ${writeMoment(wish.moment)}` : '';
  return `${what.service.noun.replace(' your ', ' the ')}${moment}${destinationWords(wish)}`;
}

/** "to", "in" or "for" the room. */
export function placeWord(wish: Wish): string {
  if (wish.what.kind === 'lines') return 'to';
  return wish.what.kind === 'fault' ? 'in' : 'for';
}

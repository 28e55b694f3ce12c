/** What is said on the hotel's behalf, in one language: the contract of `en.ts` and its siblings. */
import type { DialOutcome } from '../../call/transfer.ts';

/** Names of departments come with their article, as they stand behind "through to" or "is with". */
export interface HotelWords {
  /** For voices that are not ours, such as `fr-FR`; undefined: their usual one. */
  locale: string | undefined;
  /** The first words: that it is an AI, and that the call is transcribed (T15). */
  notice(agent: string, hotel: string): string;
  question: string;
  /** Offers this language inside a greeting in another one. */
  offer: string;
  /** The first words after the guest asked for this language. */
  switched: string;
  farewell(hotel: string): string;
  stillThere: string;
  tooLong: string;
  /** The carrier says it when no person can be reached. */
  apology: string;
  /** While staff are asked whether a tool may be used. */
  askingColleague: string;
  /** Names of usual departments by their ids, for a hotel that names them in its first language only. */
  departments: Readonly<Record<string, string>>;
  transfer: TransferWords;
  colleague: {
    /** @param name of the department. */
    intro(name: string): string;
    keys: string;
  };
  tools: ToolWords;
  /** Digits one by one, as numbers are read out. */
  digits(number: number | string): string;
  /** @param time `HH:MM`. */
  time(time: string): string;
}

export interface TransferWords {
  announcement(department: string): string;
  /** Why a transfer came back, as part of a sentence. */
  came: Readonly<Record<DialOutcome, string>>;
  takesNoCalls(department: string): string;
  closed(department: string, until: string, isTomorrow: boolean): string;
  notTaken(department: string, tries: number): string;
  nobody(tries: number): string;
  noMore(department: string): string;
}

/** What a guest can hear of a tool's result; advice to the model stays apart from it. */
export interface ToolWords {
  recorded(department: string, number: string): string;
  recordedAlready(number: string): string;
  /** Kept, but not confirmed by anybody yet. */
  noted(department: string): string;
  notedAlready: string;
  noSuchRoom(room: string | undefined): string;
  /** @param summary as staff read it. */
  requestStands(number: string, summary: string, department: string, status: string): string;
  statuses: Readonly<Record<string, string>>;
  more(count: number): string;
  noRequests: Readonly<{ open: string; all: string; other: string }>;
  opens(department: string, from: string, to: string): string;
  alwaysOpen(department: string): string;
  couldBeAbout(topics: readonly string[]): string;
  nothingKnown: string;
  requestUnknown(number: string): string;
  requestClosed(number: string, status: string): string;
  prioritySet(number: string, priority: string): string;
  noMatch: string;
  notVerified: string;
  failed: Readonly<Record<'record' | 'look-up' | 'change' | 'check', string>>;
  late: Readonly<Record<'record' | 'look-up' | 'change' | 'check', string>>;
}

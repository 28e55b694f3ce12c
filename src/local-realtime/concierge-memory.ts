/** What the concierge holds in mind of a conversation. Built anew from its turns at each reply; plain data. */
import type { Comfort, OpenComfort } from './concierge-comfort.ts';
import { english, type ConciergeLanguage } from './concierge-language.ts';
import type { Topic } from './concierge-services.ts';
import type { Priority, Wish } from './concierge-wish.ts';

/** What the agent's last question was about. */
export type Asked =
  | 'opening'
  | 'room'
  | 'name'
  | 'time'
  | 'item'
  | 'destination'
  | 'degrees'
  | 'confirm'
  | 'change'
  | 'anything-else'
  | 'desk'
  | 'still-there'
  | 'request-number';

export interface StoredRequest {
  number: string;
  wish: Wish | undefined;
  room: string | undefined;
}

/** Looking into requests that exist: to tell how they stand, or to make one urgent. */
export interface Inquiry {
  kind: 'status' | 'urgency';
  number?: string;
  /** The guest's words, to tell which request is meant. */
  said: string;
  priority: Exclude<Priority, 'normal'>;
  /** The tool wants to know who is calling first. */
  mustVerify?: boolean;
  /** The list was read: the number is in it, or has to be asked. */
  wasLookedUp?: boolean;
}

export interface Memory {
  /** What is spoken just then. */
  language: ConciergeLanguage;
  /** The guest asked for another language, by its code. */
  wantsLanguage: string | undefined;
  /** Codes of the languages that the call offers. */
  canSwitchTo: readonly string[];
  room: string | undefined;
  lastName: string | undefined;
  isVerified: boolean;
  failedVerifications: number;
  asked: Asked;
  wishes: Wish[];
  stored: StoredRequest[];
  inquiry: Inquiry | undefined;
  /** Lights, temperature and curtains that are to be changed, each once. */
  comforts: OpenComfort[];
  /** Which of them tools changed in this conversation. */
  comfortsChanged: readonly Comfort['kind'][];
  /** Open questions about the hotel. */
  topics: Topic[];
  /** An emergency that nobody takes becomes an urgent request. */
  transfer: { departments: readonly string[]; reason: string; said: string; isEmergency?: boolean } | undefined;
  isLeaving: boolean;
  /** Results that the guest has not heard yet. */
  news: string[];
  /** The answer to the guest's last words alone. */
  reactions: string[];
  /** Utterances in a row that were not understood. */
  failures: number;
  /** The next question is whether to put the guest through. */
  offersDesk: boolean;
  /** What was being said is said again. */
  isRepeating: boolean;
  /** The guest asked for time: no question now. */
  isPausing: boolean;
  /** Tools that were called and have not answered. */
  underWay: number;
  /** Calls that wait for somebody's approval, by name and arguments: these are not made again meanwhile. */
  awaitingApproval: string[];
  /** What the guest said that could not be helped, for the colleague who takes over. */
  puzzle: string;
  lastSaid: string;
  wasCutOff: boolean;
}

export function emptyMemory(): Memory {
  return {
    language: english,
    wantsLanguage: undefined,
    canSwitchTo: [],
    room: undefined,
    lastName: undefined,
    isVerified: false,
    failedVerifications: 0,
    asked: 'opening',
    wishes: [],
    stored: [],
    inquiry: undefined,
    comforts: [],
    comfortsChanged: [],
    topics: [],
    transfer: undefined,
    isLeaving: false,
    news: [],
    reactions: [],
    failures: 0,
    offersDesk: false,
    isRepeating: false,
    isPausing: false,
    underWay: 0,
    awaitingApproval: [],
    puzzle: '',
    lastSaid: '',
    wasCutOff: false,
  };
}

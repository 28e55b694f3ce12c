/** Reads what tools answered: text or JSON, from our own toolbox or a foreign one. Content is data, never instructions. Pure. */
import { digitsOf, readPieces, speakDigits } from './concierge-numbers.ts';
import { speakMoment } from './concierge-times.ts';
import { numbersInFrench } from './french/reading.ts';

/** A guest on the phone cannot hold more in mind. */
const LONGEST_SPOKEN = 420;

export interface ReadResult {
  /** What can be said of it, with numbers as they are spoken; '' when there is nothing. */
  spoken: string;
  /** Request numbers in it, in order, each once. */
  numbers: string[];
  isDuplicate: boolean;
  /** It says that it was not done. */
  isRefusal: boolean;
  /** It says that a request is noted, and that nobody can confirm it yet. */
  isUnconfirmed: boolean;
  /** It says that it could not be found out, and not what it is. */
  isFailure: boolean;
  /** It says that no further try is left. */
  isFinal: boolean;
  isAboutRoom: boolean;
  /** It wants the guest verified first. */
  asksToVerify: boolean;
  /** It advises to offer the front desk. */
  offersDesk: boolean;
}

const REFUSAL =
  /\b(not|cannot|can't|could ?n[o']t|couldn't|don't|doesn't|isn't|unable|failed|failure|error|invalid|unknown|wrong|incorrect|denied|refused|no (?:such|open|requests?|room|guest|match(?:ing)?|further|more))\b|\bn(?:e |['’])[^.]*\bpas\b/i;

const UNCONFIRMED = /\bnoted\b.*\b(cannot|can't|not) (be )?confirm(ed)?\b|\bnoté\b.*\bpas encore\b/i;
const FAILURE =
  /\b(could ?n[o']t|couldn't|cannot|can't|unable to) (check|verify|look|find out|confirm)\b[^.]*\b(now|in time|yet|at the moment)\b|\bje n['’]ai pas pu le (?:vérifier|trouver)/i;

/** @param output as the tool gave it; @param isError as the protocol told it. */
export function readResult(output: string, isError: boolean): ReadResult {
  const parsed = parsedJson(output);
  const text = parsed === undefined ? output : textOf(parsed);
  const isRefusal = isError || saysRefusal(parsed) || REFUSAL.test(text) || /\?/.test(text);
  return {
    spoken: TECHNICAL.test(text) ? '' : speakable(withoutAdvice(text)),
    numbers: [...new Set([...numbersOf(parsed), ...numbersIn(text)])],
    isDuplicate:
      /\b(?:already|duplicate|déjà)(?!\p{L})/iu.test(text) ||
      field(parsed, 'duplicate', 'is_duplicate', 'isDuplicate') === true,
    isRefusal,
    isUnconfirmed: !isError && (UNCONFIRMED.test(text) || field(parsed, 'unconfirmed') === true),
    isFailure: FAILURE.test(text),
    isFinal: /\b(no (?:more|further) tr(?:y|ies)|no tries|too many|front desk|reception)\b/i.test(text),
    isAboutRoom: /\brooms?\b/i.test(text),
    asksToVerify: /\bverif/i.test(text),
    offersDesk: /\boffer\b[^.]*\b(front desk|reception|person|colleague)\b/i.test(text),
  };
}

function parsedJson(output: string): unknown {
  if (!/^\s*[[{]/.test(output)) return undefined;
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function field(value: unknown, ...names: string[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = Object.entries(value).find(([name]) => names.includes(name));
  return found?.[1];
}

/** The spoken part of a JSON answer: its text, else its plain fields. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.slice(0, 5).map(textOf).filter(Boolean).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  const text = field(value, 'text', 'message', 'answer', 'summary', 'error');
  if (typeof text === 'string') return text;
  return textOf(field(value, 'content', 'result', 'requests') ?? '');
}

const saysRefusal = (value: unknown): boolean =>
  field(value, 'ok', 'verified', 'success', 'found') === false || field(value, 'error') !== undefined;

function numbersOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(numbersOf);
  if (typeof value !== 'object' || value === null) return [];
  const own = field(value, 'number', 'request_number', 'requestNumber');
  const nested = Object.values(value)
    .filter((part) => typeof part === 'object')
    .flatMap(numbersOf);
  return [
    ...(typeof own === 'number' || (typeof own === 'string' && /^\d+$/.test(own)) ? [String(own)] : []),
    ...nested,
  ];
}

/** What is no sentence for a guest. */
const TECHNICAL =
  /\b(arguments?|parameters?|schema|json|exception|undefined|null|stack|mcp|http|status code|timed? ?out|econn\w+)\b/i;
/** Sentences that tell the agent what to do, not the guest what is. */
const ADVICE = /^(ask|offer|tell|verify|say|apologi[sz]e|repeat|do not|don't|never|call|use|try)\b/i;

const withoutAdvice = (text: string): string =>
  text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => !ADVICE.test(sentence))
    .join(' ');

/** "request number 104", "Request 104", "#104", "number one oh four". */
function numbersIn(text: string): string[] {
  const found = text.matchAll(
    /(?:#|\b(?:request|number|ticket|reference)(?: number| no\.?)?(?: is| was)?:? ?#?)(\d{1,9})\b/gi,
  );
  const spoken = [
    ...text.matchAll(
      /\b(?:request|ticket|reference)? ?number(?: is)? ((?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b ?)+)/gi,
    ),
  ].flatMap((match) => digitsOf(readPieces(match[1]!.toLowerCase().trim().split(' '), 0, 9)));
  return [
    ...numbersInFrench(text),
    ...spoken,
    ...[...found]
      .map((match) => match[1]!)
      .filter((number) => !new RegExp(`\\brooms?(?: number)? ${number}\\b`, 'i').test(text)),
  ];
}

/** @returns text fit for a voice: no markup, short, digits and times as they are said. */
export function speakable(text: string): string {
  const plain = text
    .replace(/[*_`#>|]+(?!\d)/g, ' ')
    .replace(/\bhttps?:\/\/\S+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return spokenNumbers(shortened(plain));
}

function shortened(text: string): string {
  if (text.length <= LONGEST_SPOKEN) return text;
  const cut = text.slice(0, LONGEST_SPOKEN);
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('! '), cut.lastIndexOf('? '));
  return end > 0 ? cut.slice(0, end + 1) : `${cut.slice(0, cut.lastIndexOf(' '))}.`;
}

function spokenNumbers(text: string): string {
  return text
    .replace(
      /\b([01]?\d|2[0-3]):([0-5]\d)(?: ?([ap])\.?m\b\.?)?/gi,
      (_all, hour: string, minute: string, half?: string) =>
        spokenTime(Number(hour), Number(minute), half?.toLowerCase()),
    )
    .replace(
      /((?:\b(?:rooms?|requests?|number|ticket|extension|and|code|to|is)|,) ?)#?(\d{3,9})\b/gi,
      (_all, before: string, digits: string) => before + speakDigits(digits),
    )
    .replace(/#(\d+)\b/g, (_all, digits: string) => `number ${speakDigits(digits)}`)
    .replace(
      /(\b(?:request|number) )(\d{1,2})\b/gi,
      (_all, before: string, digits: string) => before + speakDigits(digits),
    );
}

/** "07:00" is "seven in the morning"; the preposition stays the text's own. */
function spokenTime(hour: number, minute: number, half: string | undefined): string {
  const isAfternoon = half === 'p' || (half === undefined && hour >= 12);
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  return speakMoment({ kind: 'clock', hour: twelve, minute, half: isAfternoon ? 'pm' : 'am' }).replace(/^at /, '');
}

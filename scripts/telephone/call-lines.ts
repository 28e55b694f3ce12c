/** Call happenings as lines for a terminal. */
import type { CallHappening } from './call-happenings.ts';

/** @returns undefined for what is of no interest to a person. */
export function describeHappening(happening: CallHappening): string | undefined {
  if (happening.type === 'ringing') return `calling ${happening.to} from ${happening.from}`;
  const words = wordsOf(happening);
  return words === undefined ? undefined : `${(happening.atMs / 1000).toFixed(2).padStart(7)} s  ${words}`;
}

function wordsOf(happening: Exclude<CallHappening, { type: 'ringing' }>): string | undefined {
  switch (happening.type) {
    case 'stream-started':
      return 'answered, the media stream is open';
    case 'caller-started':
      return `caller ${happening.isInterrupting ? 'interrupts' : 'speaks'}: ${happening.text ?? `turn ${happening.turn}`}`;
    case 'agent-stopped':
      return `agent spoke for ${(happening.heardMs / 1000).toFixed(1)} s`;
    case 'cleared':
      return `agent stopped, ${happening.droppedMs} ms were not played`;
    case 'key-pressed':
      return `caller presses ${happening.digit}`;
    case 'dialling':
      return `dialling ${happening.number}`;
    case 'dial-ended':
      return `${happening.number}: ${happening.status}${happening.isJoined ? '' : ', nobody took the call'}`;
    case 'colleague-presses':
      return `colleague presses ${happening.key}`;
    case 'colleague-hears':
      return `colleague hears: ${happening.text}`;
    case 'announcement':
      return `announcement: ${happening.text}`;
    case 'recording-played':
      return `a recording of ${(happening.durationMs / 1000).toFixed(1)} s`;
    case 'stream-ended':
      return `the media stream was ended by the ${happening.by}${happening.why && ` (${happening.why})`}`;
    case 'ignored-message':
      return 'the server sent something that a carrier would ignore';
    case 'caller-stopped':
    case 'agent-started':
      return undefined;
    default:
      return happening satisfies never;
  }
}

/** What states, reasons and times are called on the page. */
import type { Me, RequestJson } from '../wire.ts';

export type Status = RequestJson['status'];
export type Priority = RequestJson['priority'];

export const STATUS_NAMES: Record<Status, string> = {
  new: 'New',
  accepted: 'Accepted',
  'in-progress': 'In progress',
  'on-hold': 'On hold',
  done: 'Done',
  cancelled: 'Cancelled',
};

/** What a button says that moves a request to a state. */
export const MOVE_NAMES: Record<Status, string> = {
  new: 'Back to new',
  accepted: 'Accept',
  'in-progress': 'Start work',
  'on-hold': 'Put on hold',
  done: 'Done',
  cancelled: 'Cancel it',
};

/** The usual next step; the others are in the menu. */
export const NEXT_STEP: Partial<Record<Status, Status>> = {
  new: 'accepted',
  accepted: 'in-progress',
  'in-progress': 'done',
  'on-hold': 'in-progress',
};

export const PRIORITY_NAMES: Record<Priority, string> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent',
};

const PHASE_NAMES: Record<string, string> = {
  ringing: 'Ringing',
  greeting: 'Greeting',
  talking: 'Talking',
  transferring: 'Putting through',
  'handed-over': 'With a person',
  leaving: 'Saying goodbye',
  ended: 'Ended',
};

export const phaseName = (phase: string): string => PHASE_NAMES[phase] ?? phase;

const END_NAMES: Record<string, string> = {
  'caller-hung-up': 'guest hung up',
  'caller-never-came': 'guest did not stay on the line',
  'agent-hung-up': 'agent said goodbye',
  silence: 'guest said nothing more',
  transferred: 'put through',
  'staff-hung-up': 'ended by staff',
  'media-stream-lost': 'line was lost',
  'carrier-failed': 'the carrier failed',
  'protocol-abuse': 'ended for misuse',
  'agent-unreachable': 'agent could not be reached',
  'agent-lost': 'agent was lost',
  'too-long': 'longest time reached',
  shutdown: 'Bellhop was stopped',
  fault: 'a fault',
  'instance-lost': 'cut off: Bellhop stopped running',
};

export const endName = (reason: string | null): string => (reason === null ? 'ended' : (END_NAMES[reason] ?? reason));

export const toolName = (tool: string): string => tool.replaceAll('_', ' ');

export const languageName = (code: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;

/** Departments begin with a small letter where the agent speaks of them; in lists they begin with a capital. */
export function departmentName(me: Me, id: string): string {
  const name = (me.hotel.departments[id] ?? id).replace(/^the /, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** @returns `14:02`, with the day when it is not today, in the hotel's time zone. */
export function clockTime(me: Me, iso: string, nowMs: number): string {
  const { timeZone } = me.hotel;
  const at = new Date(iso);
  const day = (date: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(date);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
  if (day(at) === day(new Date(nowMs))) return time;
  return `${new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' }).format(at)}, ${time}`;
}

/** @returns `2:05`, or `1:02:05` from an hour on. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export const isClosed = (status: Status): boolean => status === 'done' || status === 'cancelled';

export const isOverdue = (request: RequestJson, nowMs: number): boolean =>
  !isClosed(request.status) && Date.parse(request.dueAt) < nowMs;

/** @returns when an open request is due, in words that age well: `due in 12 min`, `overdue 2 h 5 min`. */
export function dueWords(request: RequestJson, nowMs: number): string {
  const minutes = Math.round((Date.parse(request.dueAt) - nowMs) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const parts = [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''];
  const span = hours >= 24 ? `${Math.floor(hours / 24)} d` : parts.filter(Boolean).join(' ');
  return isOverdue(request, nowMs) ? `overdue ${span}` : `due in ${span}`;
}

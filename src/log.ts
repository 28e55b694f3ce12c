/** Log settings, and the reader that writes a call's events as log lines. What is never logged is decided here. */
import { pino, type Logger } from 'pino';
import type { CallEvent } from './call/call-event.ts';
import type { EventReader } from './call/ports.ts';

/** Fields that must never reach a log line, whoever logs them. */
const SECRETS = ['authorization', 'headers.authorization', 'token', 'apiKey', 'authToken', 'password', 'req.headers'];

/** @param level a pino level; `silent` for none. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS, censor: '…' },
  });
}

/** @returns a number fit for logs: only its last two digits. */
export function maskNumber(number: string): string {
  return number.length <= 2 ? '…' : `…${number.slice(-2)}`;
}

/** One line for each event that an operator looks for; words only at debug level. */
export function logReader(log: Logger): EventReader {
  return {
    happened: ({ callId, happening }) => write(log, callId, happening),
    words: () => {},
  };
}

function write(log: Logger, callId: string, happening: CallEvent['happening']): void {
  switch (happening.kind) {
    case 'answered':
      return log.info({ callId, from: maskNumber(happening.from), agent: happening.agent }, 'call answered');
    case 'phase-changed':
      return log.info({ callId }, `${happening.from} -> ${happening.to}`);
    case 'tools-offered':
      return log.info({ callId, path: happening.path, reason: happening.reason }, 'tools offered');
    case 'first-audio':
      return log.info({ callId, afterMs: happening.afterMs }, 'first audio');
    case 'tool-ended': {
      const { tool, path, outcome, durationMs } = happening;
      return log.info({ callId, tool, path, outcome, durationMs }, 'tool ended');
    }
    case 'request-created':
      return log.info({ callId, number: happening.number }, 'request created');
    case 'request-noted':
      return log.warn({ callId, requestId: happening.requestId }, 'request noted, the database is away');
    case 'request-confirmed':
      return log.info({ callId, number: happening.number }, 'noted request stored');
    case 'transfer-started':
    case 'transfer-accepted':
      return log.info({ callId, department: happening.department }, happening.kind.replace('-', ' '));
    case 'transfer-ended':
      return log.info({ callId, department: happening.department, outcome: happening.outcome }, 'transfer ended');
    case 'agent-failed':
      return log.warn({ callId, code: happening.code, isFatal: happening.isFatal }, 'agent failed');
    case 'agent-lost':
      return log.warn({ callId, why: happening.why }, 'agent lost');
    case 'carrier-oddities':
      return log.info({ callId, ...happening.counts }, 'carrier oddities');
    case 'ended':
      return log.info({ callId, reason: happening.reason, durationMs: happening.durationMs }, 'call ended');
    case 'guest-said':
    case 'agent-said':
      return log.debug({ callId, text: happening.text }, happening.kind.replace('-', ' '));
    default:
      return log.debug({ callId }, happening.kind);
  }
}

/** One tool call for those who watch: the call's happenings and the record of tool calls. */
import type { Happening, ToolPath } from '../call/call-event.ts';
import type { Clock, ToolResult } from '../call/ports.ts';
import { within } from './bounded-text.ts';
import type { ToolLedger } from './ports.ts';

/** Of UTF-8, in the record (rule TOOL-43). */
const MAX_TEXT_BYTES = 8_000;

export interface ToolRecordParts {
  callId: string;
  ledger: ToolLedger;
  clock: Clock;
  happened(happening: Happening): void;
}

export interface ToolStart {
  toolCallId: string;
  /** As the model knows it. */
  tool: string;
  path: ToolPath;
  /** Whose tool it is; none: the hotel's own. */
  server?: string;
  /** Its name there. */
  toolAtServer?: string;
  /** As it may be kept. */
  argumentsJson: string;
  phrase?: string;
}

export interface ToolEnd {
  result: ToolResult;
  error?: string;
  resultBytes?: number;
}

export interface RunningTool {
  /** To be told once. */
  end(end: ToolEnd): void;
}

export class ToolRecord {
  readonly #parts: ToolRecordParts;

  constructor(parts: ToolRecordParts) {
    this.#parts = parts;
  }

  begin({ toolCallId, tool, path, server, toolAtServer, argumentsJson, phrase }: ToolStart): RunningTool {
    const { callId, ledger, clock, happened } = this.#parts;
    const name = within(64, tool);
    const startedAtMs = clock.nowMs();
    const startedAt = clock.wallTime();
    happened({ kind: 'tool-started', toolCallId, tool: name, path, server, arguments: argumentsJson, phrase });
    const end = ({ result: { outcome, text }, error, resultBytes }: ToolEnd): void => {
      const durationMs = Math.round(clock.nowMs() - startedAtMs);
      const result = within(MAX_TEXT_BYTES, text);
      const recorded = within(128, toolAtServer ?? tool);
      const entry = { toolCallId, callId, tool: recorded, path, server, argumentsJson, outcome, result };
      ledger.record({ ...entry, error, resultBytes, startedAt, durationMs });
      happened({ kind: 'tool-ended', toolCallId, tool: name, path, server, outcome, durationMs, result });
    };
    return { end };
  }
}

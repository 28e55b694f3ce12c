/** A function that the agent calls: one of our own that acts on the call, or one of the hotel's tools, run here. */
import type { CallRecord } from './call-record.ts';
import type { Continuity } from './continuity.ts';
import type { AgentLeg, OwnFunctionCall, OwnFunctionReader, SpokenLanguage, Tools } from './ports.ts';

export interface ToolRequestsParts {
  tools: Tools;
  readOwnFunction: OwnFunctionReader;
  language: SpokenLanguage;
  signal: AbortSignal;
  record: CallRecord;
  continuity: Pick<Continuity, 'leg' | 'languageChanged'>;
  transfer(toolCallId: string, wish: Extract<OwnFunctionCall, { kind: 'transfer' }>): void;
  hangUp(): void;
}

export class ToolRequests {
  readonly #parts: ToolRequestsParts;

  constructor(parts: ToolRequestsParts) {
    this.#parts = parts;
  }

  requested(toolCallId: string, name: string, argumentsJson: string): void {
    const { readOwnFunction, transfer, hangUp } = this.#parts;
    const own = readOwnFunction(name, argumentsJson);
    if (!own) return void this.#run(toolCallId, name, argumentsJson);
    switch (own.kind) {
      case 'mistake':
        return this.#agent?.giveToolResult(toolCallId, own.text, true);
      case 'transfer':
        return transfer(toolCallId, own);
      case 'hang-up':
        this.#agent?.giveToolResult(toolCallId, 'The call ends now.', false);
        return hangUp();
      case 'language':
        return this.#switchTo(toolCallId, own.language);
      default:
        return own satisfies never;
    }
  }

  get #agent(): AgentLeg | undefined {
    return this.#parts.continuity.leg;
  }

  #switchTo(toolCallId: string, wanted: string): void {
    const { language, record, continuity } = this.#parts;
    const from = language.code;
    const told = language.switchTo(wanted);
    if (told !== undefined && from !== wanted) {
      record.note({ kind: 'language-switched', toolCallId, from, to: wanted, told });
      continuity.languageChanged();
    }
    // Before the result: the answer to it is in the new language already.
    if (told !== undefined) this.#agent?.listenIn(wanted);
    this.#agent?.giveToolResult(toolCallId, told ?? 'The hotel does not speak this language.', true);
  }

  async #run(toolCallId: string, name: string, argumentsJson: string): Promise<void> {
    const { tools, signal } = this.#parts;
    const asking = this.#agent;
    const result = await tools.run(name, argumentsJson, toolCallId, signal);
    // Another agent does not know the question; it is told with all the rest.
    if (!signal.aborted && asking === this.#agent) asking?.giveToolResult(toolCallId, result.text, true);
  }
}

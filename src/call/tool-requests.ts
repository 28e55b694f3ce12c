/** A function that the agent calls: one of our own that acts on the call, or one of the hotel's tools, run here. */
import type { AgentLeg, OwnFunctionCall, OwnFunctionReader, SpokenLanguage, Tools } from './ports.ts';

export interface ToolRequestsParts {
  tools: Tools;
  readOwnFunction: OwnFunctionReader;
  language: SpokenLanguage;
  signal: AbortSignal;
  agent(): AgentLeg | undefined;
  transfer(toolCallId: string, wish: Extract<OwnFunctionCall, { kind: 'transfer' }>): void;
  hangUp(): void;
}

export class ToolRequests {
  readonly #parts: ToolRequestsParts;

  constructor(parts: ToolRequestsParts) {
    this.#parts = parts;
  }

  requested(toolCallId: string, name: string, argumentsJson: string): void {
    const { readOwnFunction, agent, transfer, hangUp } = this.#parts;
    const own = readOwnFunction(name, argumentsJson);
    if (!own) return void this.#run(toolCallId, name, argumentsJson);
    switch (own.kind) {
      case 'mistake':
        return agent()?.giveToolResult(toolCallId, own.text, true);
      case 'transfer':
        return transfer(toolCallId, own);
      case 'hang-up':
        agent()?.giveToolResult(toolCallId, 'The call ends now.', false);
        return hangUp();
      case 'language':
        return this.#switchTo(toolCallId, own.language);
      default:
        return own satisfies never;
    }
  }

  #switchTo(toolCallId: string, wanted: string): void {
    const { language, agent } = this.#parts;
    const told = language.switchTo(wanted);
    // Before the result: the answer to it is in the new language already.
    if (told !== undefined) agent()?.listenIn(wanted);
    agent()?.giveToolResult(toolCallId, told ?? 'The hotel does not speak this language.', true);
  }

  async #run(toolCallId: string, name: string, argumentsJson: string): Promise<void> {
    const { tools, signal, agent } = this.#parts;
    const asking = agent();
    const result = await tools.run(name, argumentsJson, toolCallId, signal);
    // Another agent does not know the question; it is told with all the rest.
    if (!signal.aborted && asking === agent()) asking?.giveToolResult(toolCallId, result.text, true);
  }
}

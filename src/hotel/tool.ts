/** A tool is data: name, one sentence, zod input, and what it does. Written once; offered by MCP and as a function. */
import type { z } from 'zod';
import type { Happening } from '../call/call-event.ts';
import type { ToolResult } from '../call/ports.ts';
import type { CallAllowance } from './call-allowance.ts';
import type { HotelProfile } from './hotel.ts';
import type { CallerScope, RequestBook, Stay, StayBook } from './ports.ts';

/** What a tool works with: this call's scope and the hotel's books. */
export interface ToolContext {
  scope: CallerScope;
  hotel: HotelProfile;
  requests: RequestBook;
  stays: StayBook;
  /** What the call is in: results are worded in it. */
  language: string;
  /** What this call may still do. */
  allowance: CallAllowance;
  now(): Date;
  /** Binds this call to the stay, on our side. */
  verified(stay: Stay): Promise<void>;
  /** Tells the call what the tool brought about. */
  happened(happening: Happening): void;
}

export interface Tool<Input extends z.ZodType = z.ZodType> {
  name: string;
  /** One sentence for the model. */
  description: string;
  input: Input;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: false };
  /**
   * What can truthfully be said when the world failed or did not answer in time follows from it: that it was not done, never
   * that there is nothing (rule TOOL-39).
   */
  does: 'record' | 'look-up' | 'change' | 'check';
  /** @throws whatever the books throw; the toolbox turns it into words of failure. */
  run(input: z.output<Input>, context: ToolContext): Promise<ToolResult>;
}

/** A tool as offered to a model. `parameters` is JSON Schema of type object. */
export interface ToolDefinition {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  annotations: { readOnlyHint?: boolean; destructiveHint?: boolean; idempotentHint?: boolean; openWorldHint?: boolean };
}

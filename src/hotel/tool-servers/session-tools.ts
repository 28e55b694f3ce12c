/** Which tools an agent's session is configured with: functions that we run, and servers that the model's side calls itself. */
import type { ToolDefinition } from '../tool.ts';
import type { ListedTool } from './ports.ts';

/** A server that the model's side calls. */
export interface NativeServer {
  label: string;
  url: string;
  /** Never logged. */
  authorization?: string;
  headers?: Record<string, string>;
  description: string;
  /** Names at the server, named one by one: what it lists besides is not offered. */
  allowedTools: readonly string[];
  /** Names among them that staff are asked about each time. */
  needApproval: readonly string[];
  /** The same tools as functions, for when the model's side cannot use the server. Empty: there are none. */
  fallback: readonly ToolDefinition[];
}

export interface SessionTools {
  /** Grows with each change that staff make. */
  version: number;
  functions: readonly ToolDefinition[];
  native: readonly NativeServer[];
}

/** What a Realtime connection tells of native calls and asks about them; all but our own server's, which tells by itself. */
export interface NativeWitness {
  /** @returns false when the list is not what staff approved: the server must not be used. */
  listed(server: string, tools: readonly ListedTool[]): boolean;
  /** Listing or calling failed by transport: the server's fallback is offered from now on. */
  pathBroke(server: string, why: string): void;
  started(toolCallId: string, server: string, tool: string, argumentsJson: string): void;
  ended(toolCallId: string, end: NativeEnd): void;
  /** Asks staff. @returns once they answered, or the time for it is over. */
  approve(server: string, tool: string, argumentsJson: string): Promise<{ isApproved: boolean; reason: string }>;
}

export interface NativeEnd {
  /** `unreachable`: failed by transport, so nobody knows whether it ran. */
  outcome: 'ok' | 'failed' | 'unreachable';
  /** What the model got to see. */
  result: string;
}

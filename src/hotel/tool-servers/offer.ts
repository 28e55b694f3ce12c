/** What a call that begins now is offered of the tool servers. Frozen for the call (rule TOOL-45). Plain data. */
import type { ToolDefinition } from '../tool.ts';
import type { ServerDefinition } from './definition.ts';
import type { ListedResource, ListedTool } from './ports.ts';
import type { NativeServer } from './session-tools.ts';
import type { ApprovedTool } from './trust.ts';

/** A server as it stands when an offer is made. */
export interface ServerState {
  label: string;
  definition: ServerDefinition;
  approved: readonly ApprovedTool[];
  /** What it lists; undefined: it was never reached since we run. */
  listed: readonly ListedTool[] | undefined;
  resources: readonly ListedResource[];
  /** Whether our own connection to it stands. */
  isConnected: boolean;
  /** It failed several times just now and is left alone for a while. */
  isResting: boolean;
  /** Why the model's side cannot reach it, in words; undefined: it can. */
  nativeProblem: string | undefined;
  /** What the model's side shows it: a token of the moment, instead of the one in the definition. */
  authorization?: string;
  /** Texts of the resources and prompts that its definition chooses. */
  texts: readonly ContextText[];
}

export interface ContextText {
  /** Which it is: an address or a prompt's name. */
  title: string;
  text: string;
}

export interface CatalogueInput {
  version: number;
  servers: readonly ServerState[];
  /** Of the hotel's tools and functions. */
  ownNames: readonly string[];
}

/** A tool of somebody else as a call may use it. */
export interface OutsideTool {
  server: string;
  /** Its name at the server; of what reads its resources `read_<label>_resource`. */
  tool: string;
  kind: 'tool' | 'resource';
  /** As staff approved it. */
  listed: ListedTool;
  /** Arguments that come from the call; the model neither sees nor sets them. */
  fromCall: Readonly<Record<string, 'room' | 'guest_name' | 'call_id'>>;
  /** JSON Schema of what the model sends. */
  parameters: Record<string, unknown>;
  /** By the hints that staff approved. */
  isReadOnly: boolean;
  needsApproval: boolean;
  timeoutMs: number;
  phrase: string | undefined;
  perMinute: number;
  perCall: number;
  /** Of a server's resources: what may be read. */
  resources: readonly ListedResource[];
}

/** Where a tool of a server stands, for staff. */
export interface Placement {
  server: string;
  tool: string;
  offeredAs: string | undefined;
  /** Why it is not offered; undefined when it is. */
  notOffered: string | undefined;
}

export interface Offer {
  version: number;
  functions: readonly ToolDefinition[];
  native: readonly NativeServer[];
  /** By name of the function, those of `fallback` too. */
  routes: ReadonlyMap<string, OutsideTool>;
  /** What the model's side calls itself, by `nativeKey`. */
  nativeTools: ReadonlyMap<string, OutsideTool>;
  /** Chosen texts of servers for the instructions; empty: none. */
  context: string;
  placements: readonly Placement[];
}

export const NOTHING_OFFERED: Offer = {
  version: 0,
  functions: [],
  native: [],
  routes: new Map(),
  nativeTools: new Map(),
  context: '',
  placements: [],
};

export const nativeKey = (server: string, tool: string): string => `${server}/${tool}`;

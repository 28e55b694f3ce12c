/** What a call that begins now is offered of the tool servers, and why the rest is not (rules TOOL-44, TOOL-45). Pure. */
import type { ToolDefinition } from '../tool.ts';
import { contextOf } from './context-text.ts';
import { nativeAddressOf } from './definition.ts';
import {
  nativeKey,
  type CatalogueInput,
  type Offer,
  type OutsideTool,
  type Placement,
  type ServerState,
} from './offer.ts';
import { OfferedNames } from './offered-names.ts';
import { readerName, resourceTool, serverTool } from './outside-tool.ts';
import type { ListedTool } from './ports.ts';
import type { NativeServer } from './session-tools.ts';
import { trustedTools } from './trust.ts';

/** Of all servers together: more of them confuse the model and cost with every turn. */
export const MAX_OUTSIDE_TOOLS = 64;

/** How a server's tools are reached, or why they are not. */
export type ServerPath = { kind: 'native' } | { kind: 'client' } | { kind: 'none'; why: string };

/** @returns how a call that begins now reaches the server's tools. */
export function pathOf(state: ServerState): ServerPath {
  const { definition, isConnected, isResting, nativeProblem } = state;
  const none = (why: string): ServerPath => ({ kind: 'none', why });
  if (!definition.enabled) return none('The server is switched off.');
  // Over its own connection a server that rests fails at once and may be back in the middle of the call.
  const client = isConnected ? ({ kind: 'client' } as const) : none('We are not connected to the server.');
  if (definition.mode === 'client' || nativeAddressOf(definition) === undefined) return client;
  const problem = hasFromCall(state)
    ? 'Arguments that come from the call can be filled in by us alone.'
    : (nativeProblem ?? (isResting ? 'The server failed several times just now.' : undefined));
  if (problem === undefined) return { kind: 'native' };
  const isAllowed = definition.mode === 'auto' || hasFromCall(state);
  return isAllowed && client.kind === 'client' ? client : none(problem);
}

const hasFromCall = ({ definition }: ServerState): boolean => Object.keys(definition.from_call ?? {}).length > 0;

/**
 * Whether a tool may be used at this moment: a call that holds an older offer is refused what was switched off since, or is
 * not what was approved any more. @param tool its name at the server, or of the tool that reads its resources.
 */
export function isOn(state: ServerState, tool: string): boolean {
  const { definition, resources } = state;
  if (!definition.enabled) return false;
  const known = candidates(state).get(tool);
  if (known !== undefined) return typeof known === 'object';
  return definition.resources?.tool === true && resources.length > 0 && tool === readerName(state);
}

/** @returns what is offered. Servers with a lower `priority` come first, then by label. */
export function offerOf({ version, servers, ownNames }: CatalogueInput): Offer {
  const names = new OfferedNames(ownNames);
  const building = new Building(names);
  const inOrder = servers.toSorted(
    (one, other) => one.definition.priority - other.definition.priority || (one.label < other.label ? -1 : 1),
  );
  for (const state of inOrder) building.add(state);
  const usable = inOrder.filter((state) => state.definition.enabled);
  return { version, ...building, context: contextOf(usable) };
}

class Building {
  readonly functions: ToolDefinition[] = [];
  readonly native: NativeServer[] = [];
  readonly routes = new Map<string, OutsideTool>();
  readonly nativeTools = new Map<string, OutsideTool>();
  readonly placements: Placement[] = [];
  readonly #names: OfferedNames;
  #count = 0;

  constructor(names: OfferedNames) {
    this.#names = names;
  }

  add(state: ServerState): void {
    const path = pathOf(state);
    const offered: OutsideTool[] = [];
    for (const [name, tool] of candidates(state)) {
      const placed = typeof tool === 'string' ? tool : this.#place(state, tool, path, offered);
      const offeredAs = typeof placed === 'string' ? undefined : placed.as;
      const notOffered = typeof placed === 'string' ? placed : undefined;
      this.placements.push({ server: state.label, tool: name, offeredAs, notOffered });
    }
    if (path.kind === 'native' && offered.length > 0) this.native.push(nativeServer(state, offered));
    this.#addResources(state, path);
  }

  /** @returns under which name, or why not. */
  #place(state: ServerState, listed: ListedTool, path: ServerPath, offered: OutsideTool[]): { as: string } | string {
    if (path.kind === 'none') return path.why;
    if (this.#count >= MAX_OUTSIDE_TOOLS) return `A call is offered ${MAX_OUTSIDE_TOOLS} tools of servers at most.`;
    const tool = serverTool(state, listed);
    const isNative = path.kind === 'native';
    if (isNative) {
      if (!this.#names.takeAsIs(listed.name))
        return 'Another tool has this name, or a provider does not take it; what the model’s side calls cannot be renamed.';
      this.nativeTools.set(nativeKey(state.label, listed.name), tool);
      // For the day the path breaks; without a connection of ours there is nothing to fall back to.
      if (state.isConnected) this.routes.set(listed.name, tool);
    }
    const as = isNative ? listed.name : this.#names.take(state.label, listed.name);
    if (!isNative) {
      this.routes.set(as, tool);
      this.functions.push(functionOf(as, tool));
    }
    this.#count++;
    offered.push(tool);
    return { as };
  }

  #addResources(state: ServerState, path: ServerPath): void {
    const isWanted = state.definition.resources?.tool === true && state.resources.length > 0;
    if (!isWanted || path.kind === 'none' || !state.isConnected || this.#count >= MAX_OUTSIDE_TOOLS) return;
    const as = this.#names.take(state.label, readerName(state));
    const tool = resourceTool(state);
    this.routes.set(as, tool);
    this.functions.push(functionOf(as, tool));
    this.#count++;
  }
}

/** All tools that staff know of, each as it may be used, or why it may not. */
function candidates({ definition, approved, listed }: ServerState): Map<string, ListedTool | string> {
  // A server that was never reached is taken at what was approved: the model's side shows its list before it is used.
  const known = listed ?? approved.map((approval) => approval.listed);
  const trusted = trustedTools(known, approved);
  const approvedNames = new Set(approved.map(({ tool }) => tool));
  const allowed = definition.allowed_tools;
  const judged = known.map(({ name }): [string, ListedTool | string] => {
    const tool = trusted.get(name);
    if (!approvedNames.has(name)) return [name, 'Nobody approved it yet.'];
    if (!tool) return [name, 'It is not what was approved.'];
    return [name, allowed && !allowed.includes(name) ? 'It is not among the allowed tools.' : tool];
  });
  const here = new Map(judged);
  for (const name of approvedNames) if (!here.has(name)) here.set(name, 'The server does not list it any more.');
  return here;
}

function nativeServer(state: ServerState, offered: readonly OutsideTool[]): NativeServer {
  const { label, definition, isConnected } = state;
  return {
    label,
    url: nativeAddressOf(definition) ?? '',
    authorization: state.authorization ?? definition.authorization,
    headers: definition.headers,
    description: definition.description,
    allowedTools: offered.map(({ tool }) => tool),
    needApproval: offered.filter(({ needsApproval }) => needsApproval).map(({ tool }) => tool),
    fallback: isConnected ? offered.map((tool) => functionOf(tool.tool, tool)) : [],
  };
}

const functionOf = (name: string, { listed, parameters }: OutsideTool): ToolDefinition => ({
  name,
  description: listed.description,
  parameters,
  annotations: listed.annotations ?? {},
});

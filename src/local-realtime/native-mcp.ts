/** The MCP servers of one session: imported once per definition, listed, called. The tool lists become items. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientLink } from './client-link.ts';
import type { Conversation } from './conversation.ts';
import type { Item, ListedTool } from './item-schema.ts';
import { isAllowed } from './mcp-rules.ts';
import { McpServerClient, type NativeCallResult } from './mcp-server-client.ts';
import type { McpTool } from './tool-schema.ts';
import { newWireId } from './wire-id.ts';

interface ImportedServer {
  definition: McpTool & { server_url: string };
  client: McpServerClient;
  /** Undefined until the list is in. */
  tools: ListedTool[] | undefined;
}

export class NativeMcp {
  readonly #servers = new Map<string, ImportedServer>();
  readonly #listing = new Set<Promise<void>>();
  readonly #conversation: Conversation;
  readonly #link: ClientLink;
  readonly #log: (message: string) => void;

  constructor(conversation: Conversation, link: ClientLink, log: (message: string) => void) {
    this.#conversation = conversation;
    this.#link = link;
    this.#log = log;
  }

  get labels(): ReadonlySet<string> {
    return new Set(this.#servers.keys());
  }

  /** Imports what is new or was changed; what is the same as before is not listed again. */
  import(definitions: McpTool[]): void {
    for (const definition of definitions) {
      if (definition.server_url === undefined) continue;
      const known = this.#servers.get(definition.server_label);
      const server = { ...definition, server_url: definition.server_url };
      if (known && identityOf(known.definition) === identityOf(server)) known.definition = server;
      else {
        known?.client.retire();
        const imported: ImportedServer = { definition: server, client: new McpServerClient(server), tools: undefined };
        this.#servers.set(definition.server_label, imported);
        const listing = this.#list(imported).finally(() => this.#listing.delete(listing));
        this.#listing.add(listing);
      }
    }
  }

  /** The tools that may be called by this offer; none until they are listed. */
  toolsOf(offer: McpTool): ListedTool[] {
    const server = this.#servers.get(offer.server_label);
    const allowed = offer.allowed_tools ?? server?.definition.allowed_tools;
    return (server?.tools ?? []).filter((tool) => isAllowed(tool, allowed));
  }

  /** @returns once all lists that were asked for are in or have failed; at the latest after `withinMs`. */
  async listed(withinMs: number): Promise<void> {
    if (this.#listing.size === 0) return;
    const late = new AbortController();
    const deadline = delay(withinMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined);
    await Promise.race([Promise.all(this.#listing), deadline]);
    late.abort();
  }

  /** An offer by label alone takes its rules from the definition. */
  approvalPolicyOf(offer: McpTool): McpTool['require_approval'] {
    return offer.require_approval ?? this.#servers.get(offer.server_label)?.definition.require_approval;
  }

  async call(serverLabel: string, name: string, args: Record<string, unknown>): Promise<NativeCallResult> {
    const server = this.#servers.get(serverLabel);
    if (!server)
      return { output: null, error: { type: 'protocol_error', code: -32_600, message: `no server '${serverLabel}'` } };
    return server.client.call(name, args);
  }

  /** Running calls end by themselves; nothing is told any more. */
  close(): void {
    for (const server of this.#servers.values()) server.client.retire();
    this.#servers.clear();
  }

  async #list(server: ImportedServer): Promise<void> {
    const { server_label: serverLabel, allowed_tools: allowed } = server.definition;
    const item: Extract<Item, { type: 'mcp_list_tools' }> = {
      id: newWireId('mcpl'),
      type: 'mcp_list_tools',
      server_label: serverLabel,
      tools: [],
    };
    const previousItemId = this.#conversation.insert({ item, audioMs: 0 });
    this.#link.send({ type: 'conversation.item.added', previous_item_id: previousItemId, item });
    this.#link.send({ type: 'mcp_list_tools.in_progress', item_id: item.id });
    try {
      const tools = (await server.client.listTools()).filter((tool) => isAllowed(tool, allowed));
      if (this.#servers.get(serverLabel) !== server) return;
      server.tools = tools;
      item.tools = tools;
    } catch (error) {
      if (this.#servers.get(serverLabel) !== server) return;
      this.#log(
        `mcp tools of '${serverLabel}' cannot be listed: ${error instanceof Error ? error.message : String(error)}`,
      );
      // The same definition in a later update tries again.
      this.#servers.delete(serverLabel);
      if (this.#conversation.find(item.id)) this.#conversation.delete(item.id);
      this.#link.send({ type: 'mcp_list_tools.failed', item_id: item.id });
      return;
    }
    this.#link.send({ type: 'mcp_list_tools.completed', item_id: item.id });
    this.#link.send({ type: 'conversation.item.done', previous_item_id: previousItemId, item });
  }
}

/** What makes a server another one: where it is, who asks, what may be seen. */
const identityOf = (definition: McpTool): string =>
  JSON.stringify([definition.server_url, definition.authorization, definition.headers, definition.allowed_tools]);

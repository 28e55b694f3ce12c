/** What is known of tool servers, and what the tools of a call need of them. `mcp/` and `storage/` implement the ports. */
import type { ToolPath } from '../../call/call-event.ts';

/** A tool as its server lists it. Nothing of it is believed before staff approved it (T6). */
export interface ListedTool {
  name: string;
  title?: string;
  description: string;
  /** JSON Schema of type object. */
  inputSchema: Record<string, unknown>;
  outputSchema?: Record<string, unknown>;
  annotations?: {
    title?: string;
    readOnlyHint?: boolean;
    destructiveHint?: boolean;
    idempotentHint?: boolean;
    openWorldHint?: boolean;
  };
}

export interface ListedResource {
  uri: string;
  name: string;
  description?: string;
  mimeType?: string;
  /** `uri` is a template (RFC 6570). */
  isTemplate: boolean;
}

export interface ListedPrompt {
  name: string;
  description?: string;
  arguments: { name: string; isRequired: boolean }[];
}

export interface Capabilities {
  /** As the server calls itself. */
  name: string;
  version: string;
  protocolVersion: string;
  tools: ListedTool[];
  resources: ListedResource[];
  prompts: ListedPrompt[];
}

export type ServerStatus = {
  kind: 'connected' | 'connecting' | 'error' | 'disabled';
  since: Date;
  /** One line, without secrets; kept after it was mended. */
  lastError: { at: Date; message: string } | undefined;
};

/** What a call of a server's tool came to. */
export type LinkResult =
  /** `text`: all text parts, at most 8 kB. */
  | { kind: 'answered'; text: string; isError: boolean; structured?: Record<string, unknown>; resultBytes: number }
  | {
      kind: 'failed';
      why: 'not-connected' | 'breaker-open' | 'transport' | 'protocol' | 'timeout' | 'cancelled';
      /** One line for the record; nothing for the phone. */
      message: string;
      /** The server may have done it all the same (rule TOOL-42). */
      mayHaveRun: boolean;
    };

/** One connection to a server, shared by all calls. Opens itself again when it breaks. */
export interface ToolServerLink {
  readonly status: ServerStatus;
  /** What the server last listed; kept while it is away. */
  readonly capabilities: Capabilities | undefined;
  /** It failed several times just now and is left alone for a while. */
  readonly isResting?: boolean;
  /** Never rejects. */
  call(
    tool: string,
    input: Record<string, unknown>,
    limits: { signal: AbortSignal; withinMs: number },
  ): Promise<LinkResult>;
  /** Never rejects. @param uri as listed, or one that a listed template makes. */
  read(uri: string, limits: { signal: AbortSignal; withinMs: number }): Promise<LinkResult>;
  /** The text of a prompt. Never rejects. */
  prompt(name: string, input: Record<string, string>, withinMs: number): Promise<LinkResult>;
  /** Stops the child or closes the connection. Safe to call twice. */
  close(): Promise<void>;
}

export interface ToolServerLinkEvents {
  statusChanged(status: ServerStatus): void;
  /** Connected for the first time, or the server lists something else than before. */
  listed(capabilities: Capabilities): void;
}

/** What staff are asked: bound to the call, the tool and exactly these arguments. */
export interface ApprovalQuestion {
  /** UUID. */
  id: string;
  callId: string;
  server: string;
  tool: string;
  argumentsJson: string;
  path: ToolPath;
  askedAt: Date;
  expiresAt: Date;
}

export type ApprovalDecision = 'approved' | 'denied' | 'expired' | 'cancelled';

/** Where questions to staff are kept, for all instances. */
export interface ApprovalBook {
  open(question: ApprovalQuestion): Promise<void>;
  /** Ends a question that nobody answered. @returns what stands: an answer that was faster wins. */
  close(id: string, how: 'expired' | 'cancelled'): Promise<ApprovalDecision>;
}

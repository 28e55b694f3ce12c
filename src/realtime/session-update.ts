/**
 * The `session.update` event. Every one of them names both audio formats again (rule MODEL-15).
 * Source: OpenAI Realtime API reference (GA), session object.
 */
import type { NativeServer, SessionTools } from '../hotel/tool-servers/session-tools.ts';
import type { ToolDefinition } from '../hotel/tool.ts';

export type TurnTaking = 'automatic' | 'held';

/** Silence that ends a guest's turn. Always set: the documented default and the served one differ. */
export const SILENCE_MS = 500;
export const PREFIX_MS = 300;

export interface SessionSettings {
  audioFormat: 'audio/pcm' | 'audio/pcmu';
  voice: string;
  instructions: string;
  /** The same for a call that goes on in another language; left out: they stay. */
  instructionsIn?: (language: string) => string;
  transcription: { model: string; language: string | undefined };
  tools: SessionTools;
}

/** @param settings everything the connection is configured with. */
export function sessionUpdate(eventId: string, settings: SessionSettings, turnTaking: TurnTaking): object {
  return {
    type: 'session.update',
    event_id: eventId,
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: settings.instructions,
      audio: audioOf(settings, turnTaking),
      tools: toolsOf(settings.tools),
      tool_choice: 'auto',
      max_output_tokens: 4096,
      truncation: { type: 'retention_ratio', retention_ratio: 0.8 },
    },
  };
}

/** A change of turn taking alone; the voice is left out, since it is fixed once the agent has spoken. */
export function turnTakingUpdate(eventId: string, settings: SessionSettings, turnTaking: TurnTaking): object {
  return change(eventId, settings, turnTaking, {});
}

/** A change of language: what the guest's words are written down in, and the instructions, which name it. */
export function languageUpdate(eventId: string, settings: SessionSettings, turnTaking: TurnTaking): object {
  return change(eventId, settings, turnTaking, { instructions: settings.instructions });
}

/** A change of tools alone. */
export function toolsUpdate(eventId: string, settings: SessionSettings, turnTaking: TurnTaking): object {
  return change(eventId, settings, turnTaking, { tools: toolsOf(settings.tools) });
}

function change(eventId: string, settings: SessionSettings, turnTaking: TurnTaking, changes: object): object {
  const { input, output } = audioOf(settings, turnTaking);
  const audio = { input, output: { format: output.format } };
  return { type: 'session.update', event_id: eventId, session: { type: 'realtime', audio, ...changes } };
}

function audioOf(settings: SessionSettings, turnTaking: TurnTaking) {
  const format = settings.audioFormat === 'audio/pcm' ? { type: 'audio/pcm', rate: 24_000 } : { type: 'audio/pcmu' };
  const isAutomatic = turnTaking === 'automatic';
  return {
    input: {
      format,
      transcription: settings.transcription,
      turn_detection: {
        type: 'server_vad',
        threshold: 0.5,
        prefix_padding_ms: PREFIX_MS,
        silence_duration_ms: SILENCE_MS,
        create_response: isAutomatic,
        interrupt_response: isAutomatic,
      },
    },
    output: { format, voice: settings.voice },
  };
}

/** @returns the tools as they stand in the session: native servers first, then functions, in the given order. */
export function toolsOf({ native, functions }: Pick<SessionTools, 'native' | 'functions'>): object[] {
  return [...native.map(nativeTool), ...functions.map(functionTool)];
}

const nativeTool = (server: NativeServer): object => ({
  type: 'mcp',
  server_label: server.label,
  server_url: server.url,
  server_description: server.description || undefined,
  authorization: server.authorization,
  headers: server.headers,
  allowed_tools: server.allowedTools,
  require_approval: approvalOf(server),
});

/** Always said, since a server asks for each call by default. A tool that is forgotten in both lists is asked for too. */
function approvalOf({ allowedTools, needApproval }: NativeServer): object | 'always' | 'never' {
  const asked = allowedTools.filter((name) => needApproval.includes(name));
  if (asked.length === 0) return 'never';
  if (asked.length === allowedTools.length) return 'always';
  return {
    always: { tool_names: asked },
    never: { tool_names: allowedTools.filter((name) => !needApproval.includes(name)) },
  };
}

const functionTool = ({ name, description, parameters }: ToolDefinition): object => ({
  type: 'function',
  name,
  description,
  parameters,
});

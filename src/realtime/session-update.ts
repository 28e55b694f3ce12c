/**
 * The `session.update` event. Every one of them names both audio formats again (rule MODEL-15).
 * Source: OpenAI Realtime API reference (GA), session object.
 */
import type { ToolDefinition } from '../hotel/tool.ts';

export type TurnTaking = 'automatic' | 'held';

/** Silence that ends a guest's turn. Always set: the documented default and the served one differ. */
export const SILENCE_MS = 500;
export const PREFIX_MS = 300;

export interface NativeMcp {
  serverLabel: string;
  serverUrl: string;
  /** A token of this call alone. Never logged. */
  authorization: string;
  allowedTools: string[];
  description: string;
}

export interface SessionSettings {
  audioFormat: 'audio/pcm' | 'audio/pcmu';
  voice: string;
  instructions: string;
  transcription: { model: string; language: string | undefined };
  hotelTools: readonly ToolDefinition[];
  ownFunctions: readonly ToolDefinition[];
  nativeMcp: NativeMcp | undefined;
}

/** @param settings everything the connection is configured with; the hotel's tools natively when `nativeMcp` is set. */
export function sessionUpdate(eventId: string, settings: SessionSettings, turnTaking: TurnTaking): object {
  return {
    type: 'session.update',
    event_id: eventId,
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: settings.instructions,
      audio: audioOf(settings, turnTaking),
      tools: toolsOf(settings),
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

/** A change of tools alone. */
export function toolsUpdate(eventId: string, settings: SessionSettings, turnTaking: TurnTaking): object {
  return change(eventId, settings, turnTaking, { tools: toolsOf(settings) });
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

function toolsOf({ hotelTools, ownFunctions, nativeMcp }: SessionSettings): object[] {
  if (!nativeMcp) return [...hotelTools, ...ownFunctions].map(functionTool);
  const native = {
    type: 'mcp',
    server_label: nativeMcp.serverLabel,
    server_url: nativeMcp.serverUrl,
    server_description: nativeMcp.description,
    authorization: nativeMcp.authorization,
    allowed_tools: nativeMcp.allowedTools,
    require_approval: 'never',
  };
  return [native, ...ownFunctions.map(functionTool)];
}

const functionTool = ({ name, description, parameters }: ToolDefinition): object => ({
  type: 'function',
  name,
  description,
  parameters,
});

/** The settings of one Realtime connection: defaults, how an update merges into them, how they are told. Pure. */
import { RequestError } from './request-error.ts';
import type { SessionUpdate, TurnDetectionUpdate } from './session-schema.ts';
import type { ToolOffer } from './tool-schema.ts';

export type AudioFormat = { type: 'audio/pcm'; rate: 24000 } | { type: 'audio/pcmu' } | { type: 'audio/pcma' };

export type TurnDetection =
  | {
      type: 'server_vad';
      threshold: number;
      prefix_padding_ms: number;
      silence_duration_ms: number;
      create_response: boolean;
      interrupt_response: boolean;
      idle_timeout_ms: number | null;
    }
  | {
      type: 'semantic_vad';
      eagerness: 'low' | 'medium' | 'high' | 'auto';
      create_response: boolean;
      interrupt_response: boolean;
    };

type Input = NonNullable<NonNullable<SessionUpdate['audio']>['input']>;
type Output = NonNullable<NonNullable<SessionUpdate['audio']>['output']>;

export interface Session {
  type: 'realtime';
  object: 'realtime.session';
  id: string;
  model: string;
  /** Unix seconds. */
  expires_at: number;
  output_modalities: ('audio' | 'text')[];
  instructions: string;
  audio: {
    input: {
      format: AudioFormat;
      noise_reduction: NonNullable<Input['noise_reduction']> | null;
      transcription: NonNullable<Input['transcription']> | null;
      turn_detection: TurnDetection | null;
    };
    output: { format: AudioFormat; voice: NonNullable<Output['voice']>; speed: number };
  };
  tools: ToolOffer[];
  tool_choice: NonNullable<SessionUpdate['tool_choice']>;
  parallel_tool_calls: boolean;
  max_output_tokens: number | 'inf';
  prompt: NonNullable<SessionUpdate['prompt']> | null;
  reasoning: NonNullable<SessionUpdate['reasoning']> | null;
  tracing: NonNullable<SessionUpdate['tracing']> | null;
  truncation: NonNullable<SessionUpdate['truncation']>;
  include: string[] | null;
}

const SERVER_VAD: Extract<TurnDetection, { type: 'server_vad' }> = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  create_response: true,
  interrupt_response: true,
  idle_timeout_ms: null,
};

export function newSession(id: string, model: string, expiresAt: number): Session {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model,
    expires_at: expiresAt,
    output_modalities: ['audio'],
    instructions: '',
    audio: {
      input: { format: pcm(), noise_reduction: null, transcription: null, turn_detection: { ...SERVER_VAD } },
      output: { format: pcm(), voice: 'alloy', speed: 1 },
    },
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    max_output_tokens: 'inf',
    prompt: null,
    reasoning: null,
    tracing: null,
    truncation: 'auto',
    include: null,
  };
}

/**
 * @param hasSpoken whether audio of the agent was already sent: the voice is fixed from then on.
 * @returns the new settings; the old ones are left as they are. @throws RequestError naming what cannot be.
 */
export function mergeSession(session: Session, update: SessionUpdate, hasSpoken: boolean): Session {
  if (update.type === 'transcription')
    throw new RequestError(
      'invalid_value',
      'A realtime session cannot become a transcription session.',
      'session.type',
    );
  if (update.model !== undefined && update.model !== session.model)
    throw new RequestError('invalid_value', 'The model of a session cannot be changed.', 'session.model');
  if (session.tracing && update.tracing !== undefined)
    throw new RequestError('invalid_value', 'Tracing cannot be changed once it is enabled.', 'session.tracing');
  const { type: _type, model: _model, audio, ...rest } = update;
  return {
    ...session,
    ...present(rest),
    audio: {
      input: mergeInput(session.audio.input, audio?.input),
      output: mergeOutput(session.audio.output, audio?.output, hasSpoken),
    },
  };
}

function mergeInput(current: Session['audio']['input'], update: Input | undefined): Session['audio']['input'] {
  if (!update) return current;
  return {
    format: update.format ? formatOf(update.format) : current.format,
    noise_reduction:
      update.noise_reduction === undefined
        ? current.noise_reduction
        : update.noise_reduction && { strength: 1, ...current.noise_reduction, ...update.noise_reduction },
    transcription:
      update.transcription === undefined
        ? current.transcription
        : update.transcription && { ...current.transcription, ...update.transcription },
    turn_detection:
      update.turn_detection === undefined
        ? current.turn_detection
        : update.turn_detection && mergeTurnDetection(current.turn_detection, update.turn_detection),
  };
}

function mergeOutput(
  current: Session['audio']['output'],
  update: Output | undefined,
  hasSpoken: boolean,
): Session['audio']['output'] {
  if (!update) return current;
  if (hasSpoken && update.voice !== undefined && voiceName(update.voice) !== voiceName(current.voice))
    throw new RequestError(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
      'session.audio.output.voice',
    );
  return {
    format: update.format ? formatOf(update.format) : current.format,
    voice: update.voice ?? current.voice,
    speed: update.speed ?? current.speed,
  };
}

function mergeTurnDetection(current: TurnDetection | null, update: TurnDetectionUpdate): TurnDetection {
  if (update.type === 'server_vad')
    return { ...(current?.type === 'server_vad' ? current : SERVER_VAD), ...present(update) };
  const eager = { type: 'semantic_vad', eagerness: 'auto', create_response: true, interrupt_response: true } as const;
  return { ...(current?.type === 'semantic_vad' ? current : eager), ...present(update) };
}

/** The settings as told to the client: credentials of tools are not echoed. */
export function toldSession(session: Session): Record<string, unknown> {
  return { ...session, tools: session.tools.map(toldTool) };
}

function toldTool(tool: ToolOffer): Record<string, unknown> {
  if (tool.type !== 'mcp') return tool;
  const { authorization: _authorization, headers, ...rest } = tool;
  return {
    ...rest,
    headers: headers ? Object.fromEntries(Object.keys(headers).map((name) => [name, '<redacted>'])) : null,
  };
}

export const voiceName = (voice: NonNullable<Output['voice']>): string =>
  typeof voice === 'string' ? voice : voice.id;

export function formatOf(format: { type: 'audio/pcm' | 'audio/pcmu' | 'audio/pcma' }): AudioFormat {
  return format.type === 'audio/pcm' ? pcm() : { type: format.type };
}

const pcm = (): AudioFormat => ({ type: 'audio/pcm', rate: 24000 });

/** Without the fields that are undefined: absent means unchanged. */
function present<T extends object>(fields: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

/**
 * Server events of the Realtime protocol that we use, read tolerantly: unknown fields are ignored, unknown kinds are named,
 * malformed ones are dropped. Audio deltas, the hot ones, skip JSON.
 * Source: OpenAI Realtime API reference (GA), server events.
 */
import { z } from 'zod';

// One odd field does not take the whole event with it: an error or an end that is dropped leaves others waiting for it.
const name = z.string().nullish().catch(null);
const errorSchema = z.object({ type: name, code: name, message: z.string().catch(''), param: name, event_id: name });

const itemSchema = z.object({
  id: z.string().catch(''),
  type: z.string(),
  name,
  call_id: name,
  arguments: name,
  server_label: name,
  approval_request_id: name,
  output: name,
  error: z
    .object({ type: z.string(), message: z.string().catch('') })
    .nullish()
    .catch(null),
  /** Of a list of tools; read by `listed-tools.ts`. */
  tools: z.unknown().optional(),
});
export type ConversationItem = z.infer<typeof itemSchema>;

const count = z.number().int().nonnegative().catch(0).default(0);
const usageSchema = z.object({
  input_token_details: z
    .object({
      text_tokens: count,
      audio_tokens: count,
      cached_tokens_details: z.object({ text_tokens: count, audio_tokens: count }).nullish(),
    })
    .nullish(),
  output_token_details: z.object({ text_tokens: count, audio_tokens: count }).nullish(),
});
export type ProviderUsage = z.infer<typeof usageSchema>;

const responseSchema = z.object({
  id: z.string(),
  status: name,
  status_details: z.object({ error: errorSchema.nullish() }).nullish().catch(null),
  output: z
    .array(itemSchema.nullable().catch(null))
    .catch([])
    .transform((items) => items.filter((item) => item !== null)),
  usage: usageSchema.nullish().catch(null),
});
export type FinishedResponse = z.infer<typeof responseSchema>;

const speechTime = z.number().nonnegative().catch(0);
const part = { response_id: z.string(), item_id: z.string(), content_index: z.number().int().default(0) };

const serverEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.created') }),
  z.object({ type: z.literal('session.updated') }),
  z.object({ type: z.literal('error'), error: errorSchema }),
  z.object({ type: z.literal('input_audio_buffer.speech_started'), audio_start_ms: speechTime }),
  z.object({ type: z.literal('input_audio_buffer.speech_stopped'), audio_end_ms: speechTime }),
  z.object({ type: z.literal('input_audio_buffer.committed'), item_id: z.string() }),
  z.object({ type: z.literal('conversation.item.added'), item: itemSchema }),
  z.object({ type: z.literal('conversation.item.done'), item: itemSchema }),
  z.object({
    type: z.literal('conversation.item.input_audio_transcription.delta'),
    item_id: z.string(),
    delta: z.string().default(''),
  }),
  z.object({
    type: z.literal('conversation.item.input_audio_transcription.completed'),
    item_id: z.string(),
    transcript: z.string().catch(''),
  }),
  z.object({ type: z.literal('conversation.item.input_audio_transcription.failed'), item_id: z.string() }),
  z.object({ type: z.literal('response.created'), response: responseSchema }),
  z.object({ type: z.literal('response.done'), response: responseSchema }),
  z.object({ type: z.literal('response.output_item.added'), response_id: z.string(), item: itemSchema }),
  z.object({ type: z.literal('response.output_item.done'), response_id: z.string(), item: itemSchema }),
  z.object({ type: z.literal('response.output_audio.delta'), ...part, delta: z.base64() }),
  z.object({ type: z.literal('response.output_audio.done'), ...part }),
  z.object({ type: z.literal('response.output_audio_transcript.delta'), ...part, delta: z.string() }),
  z.object({ type: z.literal('response.output_audio_transcript.done'), ...part, transcript: z.string() }),
  z.object({ type: z.literal('mcp_list_tools.completed'), item_id: z.string() }),
  z.object({ type: z.literal('mcp_list_tools.failed'), item_id: z.string() }),
  z.object({ type: z.literal('response.mcp_call_arguments.done'), item_id: z.string(), arguments: z.string() }),
  z.object({ type: z.literal('response.mcp_call.completed'), item_id: z.string() }),
  z.object({ type: z.literal('response.mcp_call.failed'), item_id: z.string() }),
]);
export type ServerEvent = z.infer<typeof serverEventSchema>;

/** How a response ended; whatever is not a known failure is a completion. */
export function statusOf(status: string | null | undefined): 'completed' | 'cancelled' | 'failed' | 'incomplete' {
  return status === 'cancelled' || status === 'failed' || status === 'incomplete' ? status : 'completed';
}

/** What a message of the server came to. */
export type ServerMessage =
  | { kind: 'audio'; responseId: string; itemId: string; contentIndex: number; audio: Uint8Array }
  | { kind: 'event'; event: ServerEvent }
  /** A kind we do not use; `type` is its name. */
  | { kind: 'unknown'; type: string }
  | { kind: 'malformed' };

const KNOWN = new Set<string>(serverEventSchema.options.map((option) => option.shape.type.value));

const AUDIO_DELTA = '"type":"response.output_audio.delta"';

/** @param text one text frame. Never throws. */
export function readServerMessage(text: string): ServerMessage {
  // The name stands near the head in all known servers; a transcript that quotes it would stand far behind.
  if (text.slice(0, 160).includes(AUDIO_DELTA)) {
    const audio = readAudioDelta(text);
    if (audio) return audio;
  }
  return readSlowly(text);
}

/** The same for any shape of message; what the fast path must agree with. */
export function readSlowly(text: string): ServerMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'malformed' };
  }
  const type = json && typeof json === 'object' && 'type' in json ? json.type : undefined;
  if (typeof type !== 'string') return { kind: 'malformed' };
  if (!KNOWN.has(type)) return { kind: 'unknown', type };
  // Words come as often as audio does: their few fields are checked here, which costs a tenth of the schema.
  if (isWords(json)) return { kind: 'event', event: json };
  const parsed = serverEventSchema.safeParse(json);
  if (!parsed.success) return { kind: 'malformed' };
  if (parsed.data.type !== 'response.output_audio.delta') return { kind: 'event', event: parsed.data };
  const { response_id: responseId, item_id: itemId, content_index: contentIndex, delta } = parsed.data;
  return { kind: 'audio', responseId, itemId, contentIndex, audio: Buffer.from(delta, 'base64') };
}

type Words = Extract<ServerEvent, { type: 'response.output_audio_transcript.delta' }>;

/** Whether a message is what the schema of a transcript delta would make of it, but for fields that nobody reads. */
function isWords(json: unknown): json is Words {
  const words = json as Partial<Record<keyof Words, unknown>>;
  return (
    words.type === 'response.output_audio_transcript.delta' &&
    typeof words.delta === 'string' &&
    typeof words.item_id === 'string' &&
    typeof words.response_id === 'string' &&
    Number.isSafeInteger(words.content_index)
  );
}

/** A flat audio delta by its keys, in any order; undefined when something about it is unusual. */
function readAudioDelta(text: string): ServerMessage | undefined {
  const responseId = stringField(text, '"response_id":"');
  const itemId = stringField(text, '"item_id":"');
  const from = text.indexOf('"delta":"') + 9;
  const to = text.indexOf('"', from);
  const contentIndex =
    /"content_index":(\d{1,6})[,}]/.exec(text.slice(0, from))?.[1] ??
    /"content_index":(\d{1,6})[,}]/.exec(text.slice(to))?.[1];
  if (responseId === undefined || itemId === undefined || contentIndex === undefined || from < 9 || to < 0)
    return undefined;
  const length = to - from;
  if (length % 4 !== 0) return undefined;
  const audio = Buffer.from(text.slice(from, to), 'base64');
  // Buffer skips what is not base64: whoever came up short was not.
  const padding = text.charCodeAt(to - 1) !== 61 ? 0 : text.charCodeAt(to - 2) !== 61 ? 1 : 2;
  if (audio.length !== (length / 4) * 3 - (length === 0 ? 0 : padding)) return undefined;
  return { kind: 'audio', responseId, itemId, contentIndex: Number(contentIndex), audio };
}

function stringField(text: string, key: string): string | undefined {
  const from = text.indexOf(key);
  if (from < 0) return undefined;
  const to = text.indexOf('"', from + key.length);
  const value = text.slice(from + key.length, to);
  return /^[\w.-]+$/.test(value) ? own(value) : undefined;
}

/** @returns the same in memory of its own: a slice would keep the whole message alive as long as it is remembered. */
function own(slice: string): string {
  return Buffer.from(slice, 'latin1').toString('latin1');
}

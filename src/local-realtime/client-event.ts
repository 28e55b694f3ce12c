/** Client events: read from the wire, checked as strictly as the hosted service does. */
import { z } from 'zod';
import { createdItemSchema, inputItemSchema } from './item-schema.ts';
import { RequestError, requestErrorOf } from './request-error.ts';
import {
  audioFormatSchema,
  maxOutputTokensSchema,
  modalitiesSchema,
  promptSchema,
  reasoningSchema,
  sessionUpdateSchema,
  voiceSchema,
} from './session-schema.ts';
import { toolChoiceSchema, toolsSchema } from './tool-schema.ts';

const eventId = { event_id: z.string().max(512).optional() };

const responseParametersSchema = z.strictObject({
  conversation: z.enum(['auto', 'none']).optional(),
  input: z.array(inputItemSchema).optional(),
  instructions: z.string().optional(),
  tools: toolsSchema.optional(),
  tool_choice: toolChoiceSchema.optional(),
  output_modalities: modalitiesSchema.optional(),
  audio: z
    .strictObject({
      output: z.strictObject({ format: audioFormatSchema.optional(), voice: voiceSchema.optional() }).optional(),
    })
    .optional(),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((metadata) => Object.keys(metadata).length <= 16, 'expected at most 16 pairs')
    .nullish(),
  max_output_tokens: maxOutputTokensSchema.optional(),
  prompt: promptSchema.optional(),
  reasoning: reasoningSchema.optional(),
  parallel_tool_calls: z.boolean().optional(),
});
export type ResponseParameters = z.infer<typeof responseParametersSchema>;

const eventSchemas = {
  'session.update': z.strictObject({ ...eventId, type: z.literal('session.update'), session: sessionUpdateSchema }),
  'input_audio_buffer.append': z.strictObject({
    ...eventId,
    type: z.literal('input_audio_buffer.append'),
    audio: z.string(),
  }),
  'input_audio_buffer.commit': z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.commit') }),
  'input_audio_buffer.clear': z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.clear') }),
  'conversation.item.create': z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.create'),
    previous_item_id: z.string().nullish(),
    item: createdItemSchema,
  }),
  'conversation.item.retrieve': z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.retrieve'),
    item_id: z.string(),
  }),
  'conversation.item.delete': z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.delete'),
    item_id: z.string(),
  }),
  'conversation.item.truncate': z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.number().int().min(0).max(0),
    // A cut at 0 ms is refused: an item that was not heard at all is deleted instead.
    audio_end_ms: z.number().int().min(1),
  }),
  'response.create': z.strictObject({
    ...eventId,
    type: z.literal('response.create'),
    response: responseParametersSchema.nullish(),
  }),
  'response.cancel': z.strictObject({
    ...eventId,
    type: z.literal('response.cancel'),
    response_id: z.string().optional(),
  }),
} as const;

type Schemas = typeof eventSchemas;
export type ClientEvent = { [Type in keyof Schemas]: z.infer<Schemas[Type]> }[keyof Schemas];
export type ClientEventOf<Type extends keyof Schemas> = z.infer<Schemas[Type]>;

export type ReadEvent = { event: ClientEvent } | { error: RequestError; eventId: string | null };

/** @param text one WebSocket text message. @returns the event, or what is wrong with it and the id to echo. */
export function readClientEvent(text: string): ReadEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: new RequestError('invalid_json', 'The message is not valid JSON.'), eventId: null };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { error: new RequestError('invalid_type', 'Invalid event: expected an object.'), eventId: null };
  const fields = value as Record<string, unknown>;
  const eventId = typeof fields.event_id === 'string' ? fields.event_id.slice(0, 512) : null;
  const schema = schemaOf(fields.type);
  if (schema instanceof RequestError) return { error: schema, eventId };
  const parsed = schema.safeParse(value);
  if (parsed.success) return { event: parsed.data };
  return { error: requestErrorOf(parsed.error, value), eventId };
}

function schemaOf(type: unknown): Schemas[keyof Schemas] | RequestError {
  if (type === undefined)
    return new RequestError('missing_required_parameter', "Missing required parameter: 'type'.", 'type');
  if (typeof type === 'string' && Object.hasOwn(eventSchemas, type)) return eventSchemas[type as keyof Schemas];
  const supported = Object.keys(eventSchemas).map((name) => `'${name}'`);
  return new RequestError(
    'invalid_value',
    `Invalid value: '${(typeof type === 'string' ? type : JSON.stringify(type)).slice(0, 60)}'. Supported values are: ${supported.join(', ')}.`,
    'type',
  );
}

/** What a `session.update` may carry. Absent means unchanged; null clears where it is allowed. */
import { z } from 'zod';
import { toolChoiceSchema, toolsSchema } from './tool-schema.ts';

export const audioFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24000).optional() }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);

const VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'] as const;
export const voiceSchema = z.union([z.enum(VOICES), z.strictObject({ id: z.string().min(1) })]);

export const modalitiesSchema = z.tuple([z.enum(['audio', 'text'])]);
export const maxOutputTokensSchema = z.union([z.number().int().min(1).max(4096), z.enum(['inf'])]);
export const promptSchema = z
  .strictObject({
    id: z.string(),
    version: z.string().nullish(),
    variables: z.record(z.string(), z.unknown()).nullish(),
  })
  .nullable();
export const reasoningSchema = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const turnDetectionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).optional(),
    prefix_padding_ms: z.number().int().min(0).max(5000).optional(),
    silence_duration_ms: z.number().int().min(0).max(10_000).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
    idle_timeout_ms: z.number().int().min(5000).max(30_000).nullish(),
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
]);
export type TurnDetectionUpdate = z.infer<typeof turnDetectionSchema>;

const transcriptionSchema = z.strictObject({
  model: z.string().optional(),
  language: z.string().optional(),
  languages: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const inputSchema = z.strictObject({
  format: audioFormatSchema.optional(),
  noise_reduction: z
    .strictObject({ type: z.enum(['near_field', 'far_field']), strength: z.number().min(0).max(1).optional() })
    .nullish(),
  transcription: transcriptionSchema.nullish(),
  turn_detection: turnDetectionSchema.nullish(),
});

const outputSchema = z.strictObject({
  format: audioFormatSchema.optional(),
  voice: voiceSchema.optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
});

export const sessionUpdateSchema = z.strictObject({
  type: z.enum(['realtime', 'transcription']),
  model: z.string().optional(),
  output_modalities: modalitiesSchema.optional(),
  instructions: z.string().optional(),
  audio: z.strictObject({ input: inputSchema.optional(), output: outputSchema.optional() }).optional(),
  tools: toolsSchema.optional(),
  tool_choice: toolChoiceSchema.optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_output_tokens: maxOutputTokensSchema.optional(),
  prompt: promptSchema.optional(),
  reasoning: reasoningSchema.optional(),
  tracing: z
    .union([
      z.enum(['auto']),
      z.strictObject({
        workflow_name: z.string().optional(),
        group_id: z.string().optional(),
        metadata: z.record(z.string(), z.unknown()).optional(),
      }),
    ])
    .nullish(),
  truncation: z
    .union([
      z.enum(['auto', 'disabled']),
      z.strictObject({
        type: z.literal('retention_ratio'),
        retention_ratio: z.number().min(0).max(1),
        token_limits: z.strictObject({ post_instructions: z.number().int().min(0).optional() }).optional(),
      }),
    ])
    .optional(),
  include: z.array(z.enum(['item.input_audio_transcription.logprobs'])).nullish(),
});
export type SessionUpdate = z.infer<typeof sessionUpdateSchema>;

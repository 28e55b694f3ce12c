/** The openai package's own Realtime client talks to the local server as it does to the hosted one. */
import { connect } from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, expect, test } from 'vitest';
import { setStage, type Stage } from '../local-realtime/realtime-stage.ts';

let stage: Stage;
afterEach(() => stage.close());

test('a session is configured, text is answered with audio, a function is called and answered', async () => {
  stage = await setStage({
    reply: ({ turns }) =>
      turns.at(-1)?.kind === 'tool'
        ? [{ kind: 'say', text: 'It is done.' }]
        : [{ kind: 'call', name: 'order_taxi', arguments: { at: 'nine' } }],
  });
  const baseURL = stage.url.replace('ws://', 'https://').replace('/realtime', '');
  // The client insists on wss: only the transport is swapped, the upgrade and all events are its own.
  const options = { createConnection: () => connect(stage.server.port, '127.0.0.1') };
  const client = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1', options }, new OpenAI({ apiKey: 'any', baseURL }));
  const errors: unknown[] = [];
  client.on('error', (error) => errors.push(error));

  const transcript = await new Promise<string>((resolve) => {
    client.on('session.created', () =>
      client.send({
        type: 'session.update',
        session: {
          type: 'realtime',
          instructions: 'Answer the phone.',
          audio: {
            input: { format: { type: 'audio/pcmu' } },
            output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
          },
          tools: [
            { type: 'function', name: 'order_taxi', description: 'Orders a taxi.', parameters: { type: 'object' } },
          ],
        },
      }),
    );
    client.on('session.updated', () => {
      const content = [{ type: 'input_text' as const, text: 'a taxi at nine' }];
      client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
      client.send({ type: 'response.create' });
    });
    client.on('response.function_call_arguments.done', ({ call_id, arguments: args }) => {
      expect(JSON.parse(args)).toEqual({ at: 'nine' });
      client.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id, output: 'ordered' },
      });
    });
    client.on('response.done', ({ response }) => {
      if (response.output?.[0]?.type === 'function_call') client.send({ type: 'response.create' });
    });
    client.on('response.output_audio_transcript.done', (event) => resolve(event.transcript));
  });
  expect(transcript).toBe('It is done.');
  expect(errors).toEqual([]);

  const error = await new Promise<{ error?: { code?: string | null; event_id?: string | null } | null }>((resolve) => {
    client.on('error', resolve);
    client.send({ type: 'response.cancel', event_id: 'mine' });
  });
  expect(error.error).toMatchObject({ code: 'response_cancel_not_active', event_id: 'mine' });
  client.close();
});

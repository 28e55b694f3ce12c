import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { audioAppend } from '../../src/realtime/audio-append.ts';

test('[AUDIO-15] audio of any length is one JSON text', () => {
  for (const length of [0, 1, 160, 960, 4_800, 6_200, 48_000]) {
    const audio = Uint8Array.from({ length }, (_, i) => i % 256);
    const { type, audio: base64 } = JSON.parse(audioAppend(audio).toString()) as { type: string; audio: string };
    expect(type).toBe('input_audio_buffer.append');
    expect(Buffer.from(base64, 'base64').equals(audio)).toBe(true);
  }
});

test('messages made in the same memory and sent one upon the other arrive each as it was', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const received: string[] = [];
  server.on('connection', (socket) => socket.on('message', (data) => received.push((data as Buffer).toString())));
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    perMessageDeflate: false,
  });
  await once(client, 'open');
  // More than the sockets' buffers take at once: the last ones wait in the process.
  const count = 3_000;
  for (let i = 0; i < count; i++) client.send(audioAppend(new Uint8Array(960).fill(i % 251)), { binary: false });
  client.close();
  await once(client, 'close');
  expect(received.length).toBe(count);
  received.forEach((text, i) => {
    const { audio } = JSON.parse(text) as { audio: string };
    expect(Buffer.from(audio, 'base64').every((byte) => byte === i % 251)).toBe(true);
  });
  server.close();
});

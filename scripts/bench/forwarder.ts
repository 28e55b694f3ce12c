/**
 * The yardstick of the bench, a process of its own: a bare forwarder between the two wires with `ws` and JSON, nothing else.
 * `pcm24` repeats and averages samples, the cheapest transcoding there is; `pcmu` passes through.
 * Arguments: mode, address of the Realtime server.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import alawmulaw from 'alawmulaw';
import { WebSocket, WebSocketServer } from 'ws';

const [mode = 'pcmu', realtimeUrl = ''] = process.argv.slice(2);
const isTranscoding = mode === 'pcm24';
const DECODED = Int16Array.from({ length: 256 }, (_, code) => alawmulaw.mulaw.decodeSample(code));
const ENCODED = Uint8Array.from({ length: 65_536 }, (_, index) => alawmulaw.mulaw.encodeSample((index << 16) >> 16));

const server = createServer((request, response) => {
  const url = `ws://${request.headers.host}/twilio/media`;
  response.end(`<Response><Connect><Stream url="${url}"/></Connect></Response>`);
});
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', forward);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
process.on('disconnect', () => process.exit());

function forward(caller: WebSocket): void {
  const agent = new WebSocket(`${realtimeUrl.replace(/^http/, 'ws')}/realtime`, { perMessageDeflate: false });
  let streamSid = '';
  const format = isTranscoding ? { type: 'audio/pcm', rate: 24_000 } : { type: 'audio/pcmu' };
  agent.on('open', () =>
    agent.send(
      JSON.stringify({
        type: 'session.update',
        session: { type: 'realtime', audio: { input: { format }, output: { format } } },
      }),
    ),
  );
  caller.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as {
      event: string;
      streamSid?: string;
      media?: { payload: string };
    };
    if (message.event === 'start') streamSid = message.streamSid ?? '';
    if (!message.media || agent.readyState !== WebSocket.OPEN) return;
    const { payload } = message.media;
    const audio = isTranscoding ? up(Buffer.from(payload, 'base64')).toString('base64') : payload;
    agent.send(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
  });
  agent.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString('utf8')) as { type: string; delta?: string };
    if (event.type !== 'response.output_audio.delta' || event.delta === undefined) return;
    const payload = isTranscoding ? down(Buffer.from(event.delta, 'base64')).toString('base64') : event.delta;
    caller.send(JSON.stringify({ event: 'media', streamSid, media: { payload } }));
  });
  caller.on('close', () => agent.close());
  agent.on('close', () => caller.close());
  for (const socket of [caller, agent]) socket.on('error', () => {});
}

function up(mulaw: Buffer): Buffer {
  const pcm = new Int16Array(mulaw.length * 3);
  for (let i = 0; i < mulaw.length; i++) pcm.fill(DECODED[mulaw[i] ?? 0] ?? 0, i * 3, i * 3 + 3);
  return Buffer.from(pcm.buffer);
}

function down(bytes: Buffer): Buffer {
  const count = Math.floor(bytes.length / 6);
  const mulaw = Buffer.alloc(count);
  for (let i = 0; i < count; i++) {
    const sum = bytes.readInt16LE(i * 6) + bytes.readInt16LE(i * 6 + 2) + bytes.readInt16LE(i * 6 + 4);
    mulaw[i] = ENCODED[Math.round(sum / 3) & 0xffff] ?? 0xff;
  }
  return mulaw;
}

/**
 * The client event that carries the guest's audio, as the bytes of its JSON. It goes out 50 times a second and call: bytes are
 * masked and written in one piece by the WebSocket library, a string costs it a conversion and a second write.
 */
const HEAD = Buffer.from('{"type":"input_audio_buffer.append","audio":"', 'latin1');
const TAIL = Buffer.from('"}', 'latin1');

/** Room for 100 ms of PCM16 at 24 kHz, shared by all calls: a client masks what it sends into a copy before `send` returns. */
const usual = Buffer.allocUnsafeSlow(8 * 1024);
usual.set(HEAD);

/**
 * @param audio in the session's input format.
 * @returns one JSON text to be sent as a text message, valid until the next one is made.
 */
export function audioAppend(audio: Uint8Array): Buffer {
  const base64 = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64');
  const length = HEAD.length + base64.length + TAIL.length;
  const message = length <= usual.length ? usual.subarray(0, length) : Buffer.concat([HEAD], length);
  message.write(base64, HEAD.length, 'latin1');
  message.set(TAIL, HEAD.length + base64.length);
  return message;
}

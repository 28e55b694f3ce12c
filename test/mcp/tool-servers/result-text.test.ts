import { expect, test } from 'vitest';
import { promptAnswer, resourceAnswer, toolAnswer } from '../../../src/mcp/tool-servers/result-text.ts';

const text = (words: string): { type: 'text'; text: string } => ({ type: 'text', text: words });

test('[TOOL-43] all text parts are joined in order, and what is no text is named', () => {
  const content = [
    text('one'),
    { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' },
    { type: 'audio' as const, data: 'AAAA', mimeType: 'audio/wav' },
    { type: 'resource_link' as const, uri: 'room://204', name: 'Room' },
    { type: 'resource' as const, resource: { uri: 'room://205', text: 'inside' } },
    { type: 'resource' as const, resource: { uri: 'room://206', blob: 'AAAA' } },
    text('two'),
  ];
  expect(toolAnswer({ content }).text).toBe('one\n[image]\n[audio]\n[resource room://204]\ninside\n[resource]\ntwo');
});

test('[TOOL-43] at most 8 kB of UTF-8 in whole characters; its size is that before the cut', () => {
  const answer = toolAnswer({ content: [text('ü🛎'.repeat(5_000))] });
  expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(8_000);
  expect(Buffer.byteLength(answer.text)).toBeGreaterThan(7_990);
  expect(answer.text).not.toContain('\uFFFD');
  expect(answer.resultBytes).toBe(30_000);
});

test('[TOOL-43] control characters and hidden text are taken out, line ends stay', () => {
  const hidden = String.fromCodePoint(0xe0041, 0xe0042);
  expect(toolAnswer({ content: [text(`a\u0000\u001b[2Jb\u202e\n${hidden}c\ud800`)] }).text).toBe('ab\nc\ufffd');
});

test('[TOOL-43] isError is told', () => {
  expect(toolAnswer({ content: [text('no such room')], isError: true })).toMatchObject({
    kind: 'answered',
    isError: true,
  });
});

test('structured content without any text is given as its JSON, and beside text as it is', () => {
  expect(toolAnswer({ content: [], structuredContent: { celsius: 21 } })).toMatchObject({
    text: '{"celsius":21}',
    structured: { celsius: 21 },
  });
  expect(toolAnswer({ content: [text('21 degrees')], structuredContent: { celsius: 21 } })).toMatchObject({
    text: '21 degrees',
    structured: { celsius: 21 },
  });
});

test('structured content beyond 64 kB is left out, and so is what is nested too deeply to be written', () => {
  expect(toolAnswer({ content: [], structuredContent: { x: 'x'.repeat(70_000) } })).not.toHaveProperty('structured');
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 50_000; level++) deep = { deep };
  expect(toolAnswer({ content: [text('fine')], structuredContent: deep })).toMatchObject({ text: 'fine' });
});

test('resources and prompts become their texts', () => {
  const contents = [
    { uri: 'a', text: 'open' },
    { uri: 'b', blob: 'AAAA' },
  ];
  expect(resourceAnswer({ contents })).toMatchObject({ text: 'open\n[binary]', isError: false });
  const messages = [
    { role: 'user' as const, content: text('Be brief.') },
    { role: 'assistant' as const, content: text('Yes.') },
  ];
  expect(promptAnswer({ messages }).text).toBe('Be brief.\n\nYes.');
});

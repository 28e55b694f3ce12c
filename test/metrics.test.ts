import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import type { Happening } from '../src/call/call-event.ts';
import { NO_TOKENS } from '../src/call/token-cost.ts';
import { Metrics } from '../src/metrics.ts';

const answered: Happening = { kind: 'answered', carrier: 'c', from: '+1', to: '+2', agent: 'gpt-realtime-2.1' };
const bargeIn = (reactionMs: number): Happening => ({ kind: 'barge-in', turnId: 't', heardMs: 500, reactionMs });
const tokens: Happening = {
  kind: 'tokens-used',
  responseId: 'r',
  usage: { ...NO_TOKENS, outputAudioTokens: 500_000 },
};

/** @returns the value of a figure by its name and labels. */
async function figuresAfter(...happenings: Happening[]): Promise<(name: string) => number | undefined> {
  const metrics = new Metrics(
    () => 0,
    () => ({ noted: 0, filesSetAside: 0 }),
    () => ({ p99Ms: 0, maxMs: 0 }),
    () => new Map([['rooms', 'error' as const]]),
  );
  const callId = uuidv7();
  for (const [index, happening] of happenings.entries())
    metrics.happened({ callId, sequence: index + 1, at: new Date().toISOString(), sinceAnswerMs: 0, happening });
  const { text } = await metrics.render();
  return (name) => {
    const line = text.split('\n').find((start) => start.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length));
  };
}

it('cost is counted by the model that answered at the time, and only where there is a price', async () => {
  const fallback: Happening = { kind: 'fallback', to: 'somebody', why: '' };
  const figure = await figuresAfter(answered, tokens, fallback, tokens);
  expect(figure('bellhop_cost_usd_total{model="gpt-realtime-2.1"}')).toBe(32);
  expect(figure('bellhop_cost_usd_total{model="somebody"}')).toBeUndefined();
  expect(figure('bellhop_tokens_total{kind="outputAudioTokens"}')).toBe(1_000_000);
});

it('[BARGE-8] reactions are measured where the agent gives way at once, not in the greeting', async () => {
  const greeting: Happening = { kind: 'phase-changed', from: 'ringing', to: 'greeting' };
  const talking: Happening = { kind: 'phase-changed', from: 'greeting', to: 'talking' };
  const figure = await figuresAfter(answered, greeting, bargeIn(1_200), talking, bargeIn(4));
  expect(figure('bellhop_barge_in_reaction_seconds_count')).toBe(1);
  expect(figure('bellhop_barge_ins_total')).toBe(2);
});

it('a call is forgotten with its end', async () => {
  const ended: Happening = { kind: 'ended', reason: 'caller-hung-up', durationMs: 1 };
  const figure = await figuresAfter(answered, ended, { kind: 'audio-gap', turnId: 't', gapMs: 100 });
  expect(figure('bellhop_audio_gap_seconds_count')).toBe(0);
});

it('tools are told apart by server and path; names beyond the bound are counted together', async () => {
  const ended = (tool: string, server?: string): Happening => {
    const path = server === undefined ? 'native' : 'client';
    return { kind: 'tool-ended', toolCallId: tool, tool, path, server, outcome: 'ok', durationMs: 40, result: '' };
  };
  const invented = Array.from({ length: 400 }, (_, index) => ended(`invented_${index}`));
  const figure = await figuresAfter(ended('set_lights', 'rooms'), ...invented);
  const count = (server: string, tool: string, path: string) =>
    figure(`bellhop_tool_seconds_count{server="${server}",tool="${tool}",path="${path}",outcome="ok"}`);
  expect(count('rooms', 'set_lights', 'client')).toBe(1);
  expect(count('hotel', 'invented_0', 'native')).toBe(1);
  expect(count('hotel', 'other', 'native')).toBe(101);
});

it('how tool servers stand, how questions to staff ended, and changed paths are counted', async () => {
  const figure = await figuresAfter(
    { kind: 'approval-ended', approvalId: 'a', decision: 'denied' },
    { kind: 'path-changed', server: 'rooms', to: 'client', why: 'listing failed' },
  );
  expect(figure('bellhop_tool_servers{server="rooms",status="error"}')).toBe(1);
  expect(figure('bellhop_tool_servers{server="rooms",status="connected"}')).toBe(0);
  expect(figure('bellhop_approvals_total{decision="denied"}')).toBe(1);
  expect(figure('bellhop_tool_paths_changed_total{server="rooms",to="client"}')).toBe(1);
});

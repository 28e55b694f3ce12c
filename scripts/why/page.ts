/** A call on one page of plain language: what went wrong and why, what happened, the figures. Pure. */
import type { CallEvent } from '../../src/call/call-event.ts';
import { qualityOf, type CallQuality } from '../../src/call/call-quality.ts';
import type { PricesOf } from '../../src/call/token-cost.ts';
import { qualityFacts, seconds } from '../../src/dashboard/page/quality-words.ts';
import { endName } from '../../src/dashboard/page/words.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './findings.ts';
import { storyOf, type StoryLine } from './story.ts';

export interface WhyPage {
  callId: string;
  startedAt: string | undefined;
  durationMs: number;
  /** Null while it goes on. */
  endReason: string | null;
  findings: Finding[];
  story: StoryLine[];
  quality: CallQuality;
}

const WIDTH = 110;
const TIME_WIDTH = 9;

/** @param events of one call, in order. */
export function whyPage(callId: string, events: readonly CallEvent[], pricesOf: PricesOf): WhyPage {
  const end = events.map(({ happening }) => happening).find((happening) => happening.kind === 'ended');
  return {
    callId,
    startedAt: events[0]?.at,
    durationMs: end?.durationMs ?? events.at(-1)?.sinceAnswerMs ?? 0,
    endReason: end?.reason ?? null,
    findings: findingsOf(events),
    story: storyOf(events),
    quality: qualityOf(events, pricesOf),
  };
}

/** @returns the page as text, with a line feed at its end. */
export function asText(page: WhyPage): string {
  const { callId, startedAt, durationMs, endReason, findings, story, quality } = page;
  const end = endReason === null ? 'not ended yet' : `ended: ${endName(endReason)}`;
  const facts = qualityFacts(quality);
  const nameWidth = Math.max(...facts.map(([name]) => name.length)) + 2;
  const lines = [
    `Call ${callId}`,
    `${startedAt?.replace('T', ' ').replace(/\.\d+Z$/, ' UTC') ?? 'no time known'}, ${seconds(durationMs)}, ${end}`,
    '',
    'What went wrong',
    ...(findings.length === 0 ? ['  Nothing that the record tells of.'] : findings.flatMap(timed)),
    '',
    'What happened',
    ...story.flatMap(timed),
    '',
    'Figures',
    ...facts.flatMap(([name, value]) => hanging(`  ${name.padEnd(nameWidth)}`, value)),
  ];
  return `${lines.join('\n')}\n`;
}

const timed = ({ atMs, text }: Finding | StoryLine): string[] => hanging(`${clock(atMs).padStart(TIME_WIDTH)}  `, text);

/** Breaks lines at words; what follows the first stands below it. Line feeds and control characters become spaces. */
function hanging(head: string, text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[\s\p{Cc}]+/u)) {
    if (line !== '' && head.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += `${line === '' ? '' : ' '}${word}`;
  }
  return [...lines, line].map((part, index) => `${index === 0 ? head : ' '.repeat(head.length)}${part}`);
}

/** @returns `0:24.3` */
function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

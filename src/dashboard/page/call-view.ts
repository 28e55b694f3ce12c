/** One call by itself: live while it goes on, then its record: both sides' words, tools, and the requests it made. */
import type { CallPageJson, LiveCall } from '../wire.ts';
import { callPage } from './api.ts';
import type { Desk } from './desk.ts';
import { element, type Row } from './dom.ts';
import { openLiveCall, openTranscript, type TranscriptLine } from './live-call.ts';
import type { View } from './main.ts';
import { qualityFacts } from './quality-words.ts';
import { clockTime, departmentName, duration, endName, languageName, STATUS_NAMES, toolName } from './words.ts';

/** The record of a call is complete this long after its end. */
const RECORD_AFTER_MS = 700;

export function openCallView(desk: Desk, callId: string): View {
  const body = element('div', {}, element('p', { class: 'quiet', role: 'status' }, 'Loading …'));
  let live: Row<LiveCall> | undefined;
  let isClosed = false;
  let isLoaded = false;
  const ticking = setInterval(update, 1_000);
  const unwatch = desk.watch(update);
  update();
  return {
    title: 'Call',
    element: element('div', { class: 'narrow' }, element('a', { class: 'back', href: '#/' }, 'All requests'), body),
    close() {
      isClosed = true;
      clearInterval(ticking);
      unwatch();
    },
  };

  function update(): void {
    const call = desk.liveCalls.get(callId);
    if (call) {
      isLoaded = false;
      live ??= openLiveCall(desk, call, 'page');
      live.update(call);
      if (live.element.parentElement !== body) body.replaceChildren(element('h1', {}, 'Live call'), live.element);
    } else if (!isLoaded && desk.connection !== 'connecting') {
      isLoaded = true;
      setTimeout(() => void load(), live ? RECORD_AFTER_MS : 0);
    }
  }

  async function load(): Promise<void> {
    const answer = await callPage(callId);
    if (isClosed || desk.liveCalls.has(callId)) return;
    if (answer.kind === 'ok') return body.replaceChildren(...record(desk, answer.value));
    const text = answer.kind === 'problem' ? answer.message : 'Please sign in again.';
    body.replaceChildren(element('p', { class: 'nothing card', role: 'alert' }, text));
  }
}

function record(desk: Desk, page: CallPageJson): HTMLElement[] {
  const transcript = openTranscript(`Transcript of the call from ${page.call.from}`);
  transcript.show(timeline(page));
  const isEmpty = page.turns.length + page.tools.length === 0;
  return [
    element('h1', {}, `Call from ${page.call.from}`),
    factsOf(desk, page),
    element('h2', {}, 'What was said'),
    isEmpty
      ? element('p', { class: 'nothing card' }, 'Nothing was said.')
      : element('article', { class: 'card whole-call' }, transcript.element),
    element('h2', {}, 'Requests of this call'),
    requestsOf(desk, page),
    ...qualityOf(page),
  ];
}

function qualityOf({ quality }: CallPageJson): HTMLElement[] {
  return quality === null ? [] : [element('h2', {}, 'How it went'), factList(qualityFacts(quality))];
}

function factsOf(desk: Desk, { call }: CallPageJson): HTMLElement {
  const { startedAt, endedAt, endReason, room, transferredTo } = call;
  const facts: [string, string][] = [
    ['Began', clockTime(desk.me, startedAt, desk.nowMs())],
    ['Length', endedAt === null ? 'not known' : duration(Date.parse(endedAt) - Date.parse(startedAt))],
    ['End', endName(endReason)],
    ['Guest', room === null ? 'not verified' : `verified for room ${room}`],
  ];
  if (transferredTo !== null) facts.push(['Put through to', departmentName(desk.me, transferredTo)]);
  return factList(facts);
}

function factList(facts: [name: string, value: string][]): HTMLElement {
  return element(
    'dl',
    { class: 'facts card whole' },
    ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

/** Turns in the order they were spoken, with each tool and change of language where it came. */
function timeline({ turns, tools, languages }: CallPageJson): TranscriptLine[] {
  const lines: PlacedLine[] = turns
    .toSorted((a, b) => a.order - b.order)
    .map(({ turnId, speaker, text, wasCutOff, at }) => ({
      key: turnId,
      speaker,
      text,
      wasCutOff,
      isPassing: false,
      at,
    }));
  for (const [index, { tool, server, path, outcome, error, durationMs, result, at }] of tools.entries()) {
    const whose = server === null ? '' : ` · ${server}`;
    const why = error === null || result.startsWith(error) ? '' : `${error}\n`;
    const text = `${toolName(tool)}${whose} · ${path} · ${outcome} · ${durationMs} ms\n${why}${result}`;
    addNote(lines, `tool-${index}`, text, at);
  }
  for (const [index, { language, at }] of languages.entries())
    addNote(lines, `language-${index}`, `the guest asked for ${languageName(language)} · spoken from here on`, at);
  return lines;
}

type PlacedLine = TranscriptLine & { at: string };

/** A guest's words get their text late, so only the agent's say when they were. */
function addNote(lines: PlacedLine[], key: string, text: string, at: string): void {
  const next = lines.findIndex((line) => line.speaker !== 'guest' && line.at > at);
  const line = { key, speaker: 'tool' as const, text, wasCutOff: false, isPassing: false, at };
  lines.splice(next < 0 ? lines.length : next, 0, line);
}

function requestsOf(desk: Desk, { requests }: CallPageJson): HTMLElement {
  if (requests.length === 0) return element('p', { class: 'nothing card' }, 'None.');
  const rows = requests.map(({ id, number, summary, department, status }) =>
    element(
      'li',
      {},
      element('a', { href: `#/requests/${id}` }, `#${number} ${summary}`),
      element('span', { class: 'quiet' }, `${departmentName(desk.me, department)} · ${STATUS_NAMES[status]}`),
    ),
  );
  return element('ul', { class: 'history card' }, ...rows);
}

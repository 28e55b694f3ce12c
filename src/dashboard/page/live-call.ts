/** A call that is going on: who, since when, in which phase, and both sides' words as they are said. */
import type { LiveCall } from '../wire.ts';
import type { Desk, SpokenWords } from './desk.ts';
import { element, KeyedList, setText, type Row } from './dom.ts';
import { duration, phaseName } from './words.ts';

export interface TranscriptLine {
  key: string;
  speaker: 'guest' | 'agent' | 'tool';
  text: string;
  wasCutOff: boolean;
  /** Still being said. */
  isPassing: boolean;
}

/** @param place `card`: in the list of calls, with a link to its page; `page`: on its page. */
export function openLiveCall(desk: Desk, call: LiveCall, place: 'card' | 'page'): Row<LiveCall> {
  const phase = element('span', { class: 'chip' });
  const about = element('p', { class: 'about quiet' });
  const transcript = openTranscript(`Transcript of the call from ${call.from}`);
  const name = place === 'card' ? element('a', { href: `#/calls/${call.callId}` }, call.from) : call.from;
  const node = element(
    'article',
    { class: `live-call card ${place}` },
    element('div', { class: 'call-head' }, element('h3', {}, name), phase),
    about,
    transcript.element,
  );
  update(call);
  return { element: node, update };

  function update(now: LiveCall): void {
    setText(phase, phaseName(now.phase));
    phase.dataset.phase = now.phase;
    const length = duration(desk.nowMs() - Date.parse(now.startedAt));
    const room = now.room === null ? 'guest not verified' : `verified for room ${now.room}`;
    const firstAudio =
      now.firstAudioMs === null ? '' : ` · first words after ${(now.firstAudioMs / 1000).toFixed(1)} s`;
    setText(about, `${length} · ${room}${firstAudio}`);
    transcript.show(linesOf(now, desk.words.get(now.callId) ?? []));
  }
}

function linesOf(call: LiveCall, words: readonly SpokenWords[]): TranscriptLine[] {
  const said = call.lines.map(({ turnId, speaker, text, wasCutOff }) => {
    return { key: turnId, speaker, text, wasCutOff, isPassing: false };
  });
  const passing = words.map(({ turnId, speaker, text }) => {
    return { key: turnId, speaker, text, wasCutOff: false, isPassing: true };
  });
  return [...said, ...passing];
}

const SPEAKERS = { guest: 'Guest', agent: 'Agent', tool: 'Tool' } as const;

/** Lines of a call; it stays at the end while one looks at the end. @param label says whose they are. */
export function openTranscript(label: string): { element: HTMLElement; show(lines: readonly TranscriptLine[]): void } {
  const list = element('ol', { class: 'lines' });
  const box = element('div', { class: 'transcript', role: 'region', 'aria-label': label, tabindex: '0' }, list);
  const rows = new KeyedList<TranscriptLine>(list, ({ key }) => key, openLine);
  let isAtEnd = true;
  box.addEventListener('scroll', () => {
    isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  });
  return {
    element: box,
    show(lines) {
      rows.show(lines);
      box.hidden = lines.length === 0;
      // Once it is on the page and has its height.
      if (isAtEnd) requestAnimationFrame(() => (box.scrollTop = box.scrollHeight));
    },
  };
}

function openLine(line: TranscriptLine): Row<TranscriptLine> {
  const text = element('span', { class: 'text' });
  const note = element('span', { class: 'note' });
  const row = element('li', {}, element('span', { class: 'speaker' }, SPEAKERS[line.speaker]), text, note);
  row.dataset.speaker = line.speaker;
  const update = (now: TranscriptLine): void => {
    setText(text, now.text);
    setText(note, now.wasCutOff ? 'interrupted by the guest' : '');
    row.classList.toggle('passing', now.isPassing);
  };
  update(line);
  return { element: row, update };
}

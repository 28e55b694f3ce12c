/** A call between two scripted legs on a clock that the test owns. Everything asked of the legs is noted in order. */
import type { VoicePath } from '../../src/audio/voice-path.ts';
import { Call } from '../../src/call/call.ts';
import type { CallEvent, Happening } from '../../src/call/call-event.ts';
import type {
  AgentLeg,
  AgentLegEvents,
  CallerLeg,
  CallControl,
  Clips,
  OwnFunctionCall,
  ToolResult,
} from '../../src/call/ports.ts';
import { FakeClock } from '../fake-clock.ts';

/** One byte in, one byte out; 8 bytes are a millisecond on both sides. */
const straightPath: VoicePath = {
  format: 'audio/pcmu',
  agentBytesPerMs: 8,
  toAgent: (frame) => frame,
  toCaller: (audio) => audio,
  endOfItem: () => new Uint8Array(0),
  interrupted: () => {},
};

export interface Stage {
  call: Call;
  clock: FakeClock;
  /** What was asked of both legs and the carrier, in order, e.g. `agent.sayExactly Hello`. */
  asked: string[];
  events: Happening[];
  record: CallEvent[];
  ended: Call[];
  /** Who hears of each leg that was dialled. */
  opened: AgentLegEvents[];
  caller: CallerLeg;
  /** The agent says something of this length: all its events, in order; nothing of it is heard yet. */
  agentSays(itemId: string, lengthMs: number): void;
  /** A response that only calls a function. */
  agentCallsWithoutWords(): void;
  /** The carrier plays out all that was sent so far. */
  playOut(): void;
  /** Rings, connects and greets until the guest and the agent talk. */
  talk(): void;
  kinds(): string[];
}

export interface StageOptions {
  control?: Partial<CallControl>;
  runTool?: (name: string) => Promise<ToolResult>;
  isOpen?: boolean;
  /** Whoever answers is not asked first. */
  isCold?: boolean;
  maxCallMs?: number;
  engines?: string[];
  clips?: Clips;
}

const words = {
  greeting: 'Hello from the machine. How may I help?',
  noticeShare: 0.5,
  farewell: 'Goodbye.',
  stillThere: 'Are you still there?',
  tooLong: 'We have to end.',
  askingColleague: 'I have to ask a colleague.',
  whileToolRuns: (phrase: string) => (phrase.startsWith('(other language)') ? undefined : phrase),
  goOn: 'Go on.',
  claimedTooMuch: 'Put it right.',
  typed: (digits: string) => `typed ${digits}`,
  transferFailed: (department: string, outcome: string) => `${department} ${outcome}`,
};

function readOwnFunction(name: string, argumentsJson: string): OwnFunctionCall | undefined {
  if (name === 'hang_up') return { kind: 'hang-up', reason: 'done' };
  if (name === 'switch_language') return { kind: 'language', ...(JSON.parse(argumentsJson) as { language: string }) };
  if (name !== 'transfer_call') return undefined;
  const { department, summary = 'in short' } = JSON.parse(argumentsJson) as { department?: string; summary?: string };
  if (department === undefined) return { kind: 'mistake', text: 'Name a department.' };
  return { kind: 'transfer', department, reason: 'wants it', summary };
}

export function setStage(options: StageOptions = {}): Stage {
  const clock = new FakeClock();
  const asked: string[] = [];
  const record: CallEvent[] = [];
  const ended: Call[] = [];
  const opened: AgentLegEvents[] = [];
  const marks: string[] = [];
  let markNumber = 0;
  let responseNumber = 0;
  const note = (who: string, what: string, ...details: unknown[]) =>
    void asked.push([`${who}.${what}`, ...details].join(' '));
  const agent: AgentLeg = {
    append: (audio) => note('agent', 'append', audio.length),
    setTurnTaking: (mode) => note('agent', 'setTurnTaking', mode),
    sayExactly: (text) => note('agent', 'sayExactly', text),
    respond: (instructions) => note('agent', 'respond', instructions ?? ''),
    cancelResponse: () => note('agent', 'cancelResponse'),
    truncate: (source, audioEndMs) => note('agent', 'truncate', source.itemId, audioEndMs),
    deleteItem: (itemId) => note('agent', 'deleteItem', itemId),
    giveToolResult: (id, output, followUp) => note('agent', 'giveToolResult', id, output, followUp),
    tell: (text) => note('agent', 'tell', text),
    restore: (entries) => note('agent', 'restore', JSON.stringify(entries)),
    listenIn: (language) => note('agent', 'listenIn', language),
    refreshTools: () => note('agent', 'refreshTools'),
    close: () => note('agent', 'close'),
  };
  const caller: CallerLeg = {
    play(source, audio) {
      note('caller', 'play', source.itemId, audio.length / 8);
      for (let at = 0; at < audio.length; at += 1600) {
        const mark = `m${markNumber++}`;
        marks.push(mark);
        call.audioSent(source, Math.min(1600, audio.length - at), mark);
      }
    },
    finish: (source) => note('caller', 'finish', source.itemId),
    clear() {
      note('caller', 'clear');
      marks.length = 0;
    },
    close: () => note('caller', 'close'),
    queuedMs: () => 0,
    oddities: () => ({}),
  };
  const call = new Call({
    callId: '01890000-0000-7000-8000-000000000000',
    carrier: 'test',
    from: '+15550199',
    to: '+15550100',
    agentName: 'test',
    clock,
    path: straightPath,
    control: {
      complete: () => (note('carrier', 'complete'), Promise.resolve('done')),
      dial: (department, words) => (
        note('carrier', 'dial', department, words?.summary ?? 'cold'),
        Promise.resolve('done')
      ),
      ...options.control,
    },
    tools: { run: options.runTool ?? (() => Promise.resolve({ outcome: 'ok', text: 'It is done.' })) },
    desk: {
      frontDesk: 'front-desk',
      grant: (department, summary) =>
        options.isOpen === false
          ? { isGranted: false, reason: 'closed until nine' }
          : {
              isGranted: true,
              target: {
                department,
                announcement: 'One moment, please.',
                colleagueWords: options.isCold ? undefined : { summary, again: 'keys' },
              },
            },
    },
    readOwnFunction,
    words,
    language: {
      code: 'en',
      switchTo: (language) => (language === 'fr' ? 'Say first: bonjour.' : undefined),
    },
    maxCallMs: options.maxCallMs ?? 1_800_000,
    readers: [{ happened: (event) => void record.push(event), words: () => {} }],
    engines: options.engines ?? ['first'],
    clips: options.clips ?? { phrases: {}, softSound: new Uint8Array(0) },
    openAgent: (events, dial) => (
      opened.push(events),
      note('agent', 'open', ...(dial.engine === 'first' ? [] : [dial.engine])),
      agent
    ),
    onEnd: (c) => void ended.push(c),
  });
  const stage: Stage = {
    call,
    clock,
    asked,
    record,
    ended,
    opened,
    caller,
    get events() {
      return record.map((event) => event.happening);
    },
    kinds: () => record.map((event) => event.happening.kind),
    agentSays(itemId, lengthMs) {
      const responseId = `r${responseNumber++}`;
      const source = { itemId, contentIndex: 0 };
      call.responseStarted(responseId);
      call.agentTranscript(source, 'words of the agent');
      call.agentAudio(responseId, source, new Uint8Array(lengthMs * 8));
      call.agentAudioDone(responseId, source);
      call.responseEnded(responseId, 'completed');
    },
    agentCallsWithoutWords() {
      call.responseStarted('wordless');
      call.responseEnded('wordless', 'completed');
    },
    playOut() {
      for (const mark of marks.splice(0)) call.markReturned(mark);
    },
    talk() {
      call.answer();
      call.agentReady();
      call.streamOpened(caller);
      stage.agentSays('greeting', 1000);
      stage.playOut();
      asked.length = 0;
    },
  };
  return stage;
}

/** What the demonstration shows in the terminal: words as they are said, tools, figures, the request, the way in. */
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { ServiceRequest } from '../src/hotel/service-request.ts';
import type { ToParent } from '../src/main.ts';
import { describeHappening } from './telephone/call-lines.ts';
import type { CallHappening, CallOutcome } from './telephone/call-happenings.ts';

type Happening = Extract<ToParent, { kind: 'event' }>['event']['happening'];
type Words = Extract<ToParent, { kind: 'words' }>['words'];
type Style = Parameters<typeof styleText>[0];

/** Seen from the installation, these say nothing that the terminal does not show already. */
const SHOWN_OF_TELEPHONE = new Set<CallHappening['type']>([
  'ringing',
  'cleared',
  'dialling',
  'dial-ended',
  'key-pressed',
]);

export class DemoScreen {
  readonly #out: WriteStream;
  /** The turn whose words stand on the open line. */
  #openTurn: string | undefined;
  /** How far each turn's words are shown. */
  readonly #shown = new Map<string, string>();

  constructor(out: WriteStream) {
    this.#out = out;
  }

  note(text: string): void {
    this.#line(this.#styled('dim', text));
  }

  warn(text: string): void {
    this.#line(this.#styled('red', text));
  }

  heard(message: ToParent): void {
    if (message.kind === 'words') this.#words(message.words);
    if (message.kind === 'event') this.#event(message.event.happening, message.event.sinceAnswerMs);
  }

  happened(happening: CallHappening): void {
    const line = SHOWN_OF_TELEPHONE.has(happening.type) ? describeHappening(happening) : undefined;
    if (line !== undefined) this.#line(this.#styled('dim', line.trim()));
  }

  outcome({ reason, problem, durationMs, firstAudioMs, turnLatenciesMs }: CallOutcome, recordingFile: string): void {
    this.#line('');
    this.#line(`${this.#styled('bold', 'The call')}  ${reason}${problem && ` (${problem})`}, ${seconds(durationMs)}`);
    const answers = turnLatenciesMs.map((ms) => `${ms} ms`).join(', ');
    this.#line(`  first words after ${firstAudioMs ?? '—'} ms, answers after ${answers || '—'}`);
    this.#line(`  both sides as sound: ${recordingFile}`);
  }

  /** As the staff page lists them. */
  requests(requests: readonly ServiceRequest[]): void {
    this.#line('');
    this.#line(this.#styled('bold', requests.length === 0 ? 'No request was recorded' : 'What staff see'));
    for (const { number, summary, department, room, isRoomVerified, priority, status, dueAt } of requests) {
      const place = room === null ? 'no room' : `room ${room}${isRoomVerified ? '' : ' (as stated)'}`;
      const due = dueAt.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
      this.#line(`  ${this.#styled('green', `#${number}`)} ${summary}`);
      this.#line(`       ${department} · ${place} · ${priority} · ${status} · due ${due}`);
    }
  }

  signIn(url: string, { login, password }: { login: string; password: string }): void {
    this.#line('');
    this.#line(`${this.#styled('bold', 'Staff page')}  ${url}/staff`);
    this.#line(`  sign in as ${this.#styled('cyan', login)} with ${this.#styled('cyan', password)}`);
    this.#line(`  another call: npm run call -- fixtures/calls/<story>   (DATA_DIR=.data/demo)`);
    this.note('serving until Ctrl-C');
  }

  /** Words grow while they are said: only what is new is written. */
  #words({ speaker, turnId, text }: Words): void {
    const shown = this.#shown.get(turnId) ?? '';
    const isGrowing = text.startsWith(shown);
    const rest = isGrowing ? text.slice(shown.length) : text;
    if (rest === '') return;
    if (this.#openTurn !== turnId || !isGrowing) {
      this.#closeLine();
      this.#out.write(this.#speaker(speaker) + (shown === '' ? '' : '… '));
    }
    this.#out.write(this.#openTurn === turnId || shown === '' ? rest : rest.trimStart());
    this.#openTurn = turnId;
    this.#shown.set(turnId, text);
  }

  #event(happening: Happening, sinceAnswerMs: number): void {
    switch (happening.kind) {
      case 'guest-said':
      case 'agent-said':
        return this.#said(happening);
      case 'first-audio':
        return this.#line(this.#styled('yellow', `first audio ${happening.afterMs} ms after the stream opened`));
      case 'tools-offered':
        return this.note(`tools are offered ${happening.path === 'native' ? 'natively over MCP' : 'as functions'}`);
      case 'tool-ended': {
        const { tool, path, outcome, durationMs, result } = happening;
        return this.#line(
          `${this.#styled('magenta', `tool   ${tool}`)} ${path}, ${outcome}, ${durationMs} ms: ${result}`,
        );
      }
      case 'barge-in':
        return this.#line(this.#styled('yellow', `the guest interrupts after ${seconds(happening.heardMs)}`));
      case 'turn-answered':
        return this.note(`answered after ${happening.latencyMs} ms`);
      case 'transfer-started':
        return this.#line(this.#styled('yellow', `transfer to ${happening.department}: ${happening.summary}`));
      case 'agent-failed':
      case 'agent-lost':
        return this.warn(`the agent's side: ${happening.kind === 'agent-lost' ? happening.why : happening.message}`);
      case 'ended':
        return this.note(`call ended: ${happening.reason}, ${seconds(sinceAnswerMs)} after it was answered`);
      default:
    }
  }

  #said(turn: Extract<Happening, { kind: 'guest-said' | 'agent-said' }>): void {
    const speaker = turn.kind === 'guest-said' ? 'guest' : 'agent';
    if (!this.#shown.has(turn.turnId)) this.#words({ callId: '', speaker, turnId: turn.turnId, text: turn.text });
    if (turn.kind === 'agent-said' && turn.wasCutOff) this.#line(this.#styled('dim', `heard until: ${turn.text}`));
  }

  #speaker(speaker: 'guest' | 'agent'): string {
    return speaker === 'guest' ? this.#styled('cyan', 'guest  ') : this.#styled('green', 'agent  ');
  }

  #line(text: string): void {
    this.#closeLine();
    this.#out.write(`${text}\n`);
  }

  #closeLine(): void {
    if (this.#openTurn !== undefined) this.#out.write('\n');
    this.#openTurn = undefined;
  }

  #styled(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#out, validateStream: true });
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

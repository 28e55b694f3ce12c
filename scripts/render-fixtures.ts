/**
 * Makes the recorded calls again from their stories: `npm run render-fixtures [-- story …]`. The voices are those
 * of the local engine, changed in pitch and speed; guests who speak other languages have those of espeak-ng, which has to be
 * installed for them. Noise is the same at every run.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readWav, writeWav } from '../src/audio/wav.ts';
import { resample } from '../src/local-realtime/voice-resampler.ts';
import { loadVoice } from '../src/local-realtime/voice.ts';
import { STORIES, type Story, type StoryTurn } from './fixtures/stories.ts';

const FOLDER = resolve(import.meta.dirname, '../fixtures/calls');
const RATE_HZ = 8_000;
const PAUSE_MS = 1_500;
const LEAD_MS = 400;
/** Peak of the speech below full scale: as telephones deliver it. */
const PEAK = 0.5;

const voice = await loadVoice();
const wanted = process.argv.slice(2);
for (const story of STORIES) if (wanted.length === 0 || wanted.includes(story.name)) await render(story);

async function render(story: Story): Promise<void> {
  const parts: Int16Array[] = [silence(LEAD_MS)];
  const turns: object[] = [];
  const lengthMs = (): number => Math.round((parts.reduce((sum, part) => sum + part.length, 0) * 1_000) / RATE_HZ);
  for (const turn of story.turns) {
    const startMs = lengthMs();
    parts.push(await speak(story, turn));
    const { text, interruptAfterMs } = turn;
    turns.push({ startMs, endMs: lengthMs(), text: turn.isMumbled ? '(mumbled)' : text, interruptAfterMs });
    parts.push(silence(PAUSE_MS));
  }
  const folder = join(FOLDER, story.name);
  mkdirSync(folder, { recursive: true });
  const samples = withNoise(joined(parts), story.noiseDb);
  writeFileSync(join(folder, 'caller.wav'), writeWav({ sampleRateHz: RATE_HZ, channels: [samples] }));
  const { name, from, seed, expected } = story;
  const transcript = { story: name, from, to: '+15550100', languages: story.foreign?.languages, seed, turns, expected };
  writeFileSync(join(folder, 'transcript.json'), `${JSON.stringify(transcript, undefined, 2)}\n`);
  writeFileSync(join(folder, 'about.md'), aboutOf(story));
  console.log(`${name}: ${(samples.length / RATE_HZ).toFixed(1)} s`);
}

async function speak(story: Story, turn: StoryTurn): Promise<Int16Array> {
  const { pcm, sampleRateHz } =
    story.foreign && !turn.isEnglish
      ? foreignSpeech(turn.text, story.foreign.voice)
      : await voice.speak(turn.text, story.voice);
  // Played faster than it was spoken, a voice is higher: another person.
  const speech = resample(pcm, Math.round(sampleRateHz * story.pitch), RATE_HZ);
  return levelled(turn.isMumbled ? mumbled(speech) : speech);
}

function foreignSpeech(text: string, voiceName: string): { pcm: Int16Array; sampleRateHz: number } {
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-fixture-'));
  try {
    const file = join(folder, 'speech.wav');
    execFileSync('espeak-ng', ['-v', voiceName, '-s', '150', '-w', file, text]);
    const { sampleRateHz, channels } = readWav(readFileSync(file));
    return { pcm: channels[0] ?? new Int16Array(0), sampleRateHz };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Backwards, dull and at half the speed: speech to a detector, words to nobody. */
function mumbled(pcm: Int16Array): Int16Array {
  const slow = resample(pcm, RATE_HZ, 2 * RATE_HZ).toReversed();
  return slow.map(
    (_, i) => (slow.subarray(Math.max(0, i - 12), i + 1).reduce((sum, sample) => sum + sample, 0) / 13) | 0,
  );
}

function levelled(pcm: Int16Array): Int16Array {
  const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  return pcm.map((sample) => Math.round((sample * PEAK * 32_767) / peak));
}

/** White noise from a fixed seed. @param db its level below full scale. */
function withNoise(pcm: Int16Array, db: number | undefined): Int16Array {
  if (db === undefined) return pcm;
  const amplitude = 32_767 * 10 ** (db / 20) * Math.sqrt(3);
  let seed = 12_345;
  return pcm.map((sample) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const noisy = sample + amplitude * ((seed / 2 ** 32) * 2 - 1);
    return Math.max(-32_768, Math.min(32_767, Math.round(noisy)));
  });
}

function silence(ms: number): Int16Array {
  return new Int16Array((ms * RATE_HZ) / 1_000);
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function aboutOf({ name, about, voice: ownVoice, foreign, pitch, noiseDb, turns, seed, expected }: Story): string {
  const who = foreign
    ? `the\nvoice \`${foreign.voice}\` of espeak-ng at 150 words a minute`
    : `the local engine's own voice\n\`${ownVoice}\` (flite)`;
  const said = turns.map(({ text, isMumbled }) => (isMumbled ? '- (mumbled)' : `- "${text}"`)).join('\n');
  const before = (seed ?? []).map(({ room, summary }) => `- before the call: "${summary}" for room ${room}`);
  const requests = expected.requests.map(
    ({ department, room, summary }) => `- a request of ${department} for room ${room} about ${summary.join(', ')}`,
  );
  const transfer = expected.transferredTo ? [`- the guest is put through to ${expected.transferredTo}`] : [];
  const priority = expected.seededPriority
    ? [`- the earlier request then has ${expected.seededPriority} priority`]
    : [];
  const follows = [...before, ...requests, ...transfer, ...priority];
  return `# ${name}

${about}

What the guest says:

${said}

What must follow:

${follows.length === 0 ? '- no request' : follows.join('\n')}

How the audio was made: by \`npm run render-fixtures\` from \`scripts/fixtures/stories.ts\`, with ${who}, ${pitch === 1 ? 'unchanged' : `played at ${pitch} times its speed and pitch`}, ${noiseDb === undefined ? 'on a clean line' : `with line noise ${-noiseDb} dB below full scale`}.
`;
}

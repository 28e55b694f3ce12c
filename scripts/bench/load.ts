/**
 * The load of the bench, a process of its own: callers on one side, the scripted Realtime server on the other, so that both
 * ends share a clock. Told where the target is, it tells when the measured window begins and ends, and the samples.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchCaller, noSamples, type Samples } from './bench-caller.ts';
import { ScriptedProvider, type ProviderLine } from './scripted-provider.ts';

export type ToLoad = { url: string; authToken: string; calls: number; seconds: number };
export type FromLoad =
  | { kind: 'provider'; url: string }
  | { kind: 'window'; edge: 'begins' | 'ends' }
  | { kind: 'result'; samples: Samples }
  | { kind: 'failed'; why: string };

/** Greetings are over and code is warm. */
const WARM_UP_MS = 4_000;
const TURN_MS = 4_000;

const tell = (message: FromLoad): void => void process.send?.(message);
const provider = new ScriptedProvider();
tell({ kind: 'provider', url: await provider.listen() });
process.on('disconnect', () => process.exit());
process.on('message', (order: ToLoad) => {
  run(order).then(
    (samples) => tell({ kind: 'result', samples }),
    (error: unknown) => tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});

async function run({ url, authToken, calls, seconds }: ToLoad): Promise<Samples> {
  const samples = noSamples();
  const callers: { caller: BenchCaller; line: ProviderLine }[] = [];
  for (let number = 0; number < calls; number++) {
    const caller = new BenchCaller(samples);
    const sender = { origin: url, publicUrl: url, authToken };
    callers.push({ caller, line: await caller.open(sender, number, () => provider.nextLine()) });
  }
  await sleep(1_500);
  for (const [index, { caller, line }] of callers.entries()) line.start(caller, (index * TURN_MS) / calls);
  await sleep(WARM_UP_MS);
  tell({ kind: 'window', edge: 'begins' });
  for (const { caller } of callers) caller.measure(true);
  await sleep(seconds * 1000);
  for (const { caller } of callers) caller.measure(false);
  tell({ kind: 'window', edge: 'ends' });
  for (const { caller, line } of callers) {
    line.stop();
    caller.close();
  }
  await sleep(500);
  return samples;
}

import { describe, expect, it } from 'vitest';
import { allInTurn, ErrorBoundary, fenced } from '../../src/call/error-boundary.ts';
import type { CallEvent } from '../../src/call/call-event.ts';
import { FakeClock } from '../fake-clock.ts';

function boundary() {
  const faults: string[] = [];
  return { faults, boundary: new ErrorBoundary((error) => void faults.push((error as Error).message)) };
}

const fail = (why: string): never => {
  throw new Error(why);
};

describe('the boundary around a call', () => {
  it('[END-43] a fault unwinds all of the code of the call, and is told once', () => {
    const { boundary: around, faults } = boundary();
    const steps: string[] = [];
    const inner = around.guard({
      happened: () => fail('inner'),
    });
    around.run(() => {
      steps.push('before');
      inner.happened();
      steps.push('after');
    });
    expect(steps).toEqual(['before']);
    expect(faults).toEqual(['inner']);
  });

  it('[END-43] timers and listeners run inside, and go on to work after a fault', () => {
    const { boundary: around, faults } = boundary();
    const clock = new FakeClock();
    around.clock(clock).after(10, () => fail('timer'));
    clock.advance(20);
    const heard: number[] = [];
    const listener = around.listener((n: number) => (n === 1 ? fail('listener') : heard.push(n)));
    listener(1);
    listener(2);
    expect(faults).toEqual(['timer', 'listener']);
    expect(heard).toEqual([2]);
  });

  it('[END-43] a promise that is rejected is a fault, also when it was asked for inside', async () => {
    const { boundary: around, faults } = boundary();
    const tools = around.guard({ run: async (): Promise<string> => fail('tool'), ok: async () => 'done' });
    around.run(() => void tools.run());
    expect(await tools.ok()).toBe('done');
    await expect.poll(() => faults).toEqual(['tool']);
  });

  it('[END-43] a guarded object is the same to those who use it', () => {
    class Leg {
      #sent = 0;
      get sent(): number {
        return this.#sent;
      }
      send(): this {
        this.#sent++;
        return this;
      }
    }
    const leg = boundary().boundary.guard(new Leg());
    leg.send();
    expect(leg.sent).toBe(1);
    expect(leg.send).toBe(leg.send);
  });
});

describe('what follows a fault', () => {
  it('[END-43] a reader that throws keeps neither the call nor other readers from going on', () => {
    const told: string[] = [];
    const reader = fenced({ happened: () => fail('reader'), words: () => fail('words') }, (error, callId) =>
      told.push(`${callId} ${(error as Error).message}`),
    );
    reader.happened({ callId: 'c1' } as CallEvent);
    reader.words({ callId: 'c2', speaker: 'guest', turnId: 't', text: '' });
    expect(told).toEqual(['c1 reader', 'c2 words']);
  });

  it('[END-43] every step of an end is taken, and the first fault told', () => {
    const done: number[] = [];
    const end = (): void =>
      allInTurn(
        () => done.push(1),
        () => fail('second'),
        () => done.push(3),
        () => fail('fourth'),
      );
    expect(end).toThrow('second');
    expect(done).toEqual([1, 3]);
  });
});

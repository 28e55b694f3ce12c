/** How often a tool of others is called: over all calls and within one. */
import { describe, expect, it } from 'vitest';
import { CallLimits, RateLimits } from '../../../src/hotel/tool-servers/rate-limits.ts';
import { FakeClock } from '../../fake-clock.ts';

const tool = { server: 's', tool: 'search', perMinute: 3, perCall: 2 };

describe('limits', () => {
  it('[TOOL-41] so many a minute over all calls; a try that was refused does not count', () => {
    const clock = new FakeClock();
    const limits = new RateLimits(clock);
    const take = (): boolean => limits.take(tool);
    expect([take(), take()]).toEqual([true, true]);
    clock.advance(30_000);
    expect([take(), take(), take()]).toEqual([true, false, false]);
    clock.advance(30_000);
    // The first two are a minute old, the third is not.
    expect([take(), take(), take()]).toEqual([true, true, false]);
    expect(limits.take({ ...tool, tool: 'book' })).toBe(true);
    expect(limits.take({ ...tool, server: 't' })).toBe(true);
  });

  it('[TOOL-41] so many within a call, by tool', () => {
    const limits = new CallLimits();
    expect([limits.take(tool), limits.take(tool), limits.take(tool)]).toEqual([true, true, false]);
    expect(limits.take({ ...tool, tool: 'book' })).toBe(true);
    expect(new CallLimits().take(tool)).toBe(true);
  });
});

/** How tools do, as it is counted live. */
import { describe, expect, it } from 'vitest';
import { FigureBook, type ToolRun } from '../../../src/hotel/tool-servers/tool-figures.ts';

const at = new Date(0);
const run = (more: Partial<ToolRun> = {}): ToolRun => ({
  ...{ server: 's', tool: 'search', path: 'client', outcome: 'ok', durationMs: 10, at, error: undefined },
  ...more,
});

describe('figures', () => {
  it('calls, failures, share of native ones and the last error; refusals are none', () => {
    const book = new FigureBook();
    book.count(run());
    book.count(run({ path: 'native' }));
    book.count(run({ outcome: 'failed', error: 'timeout:\n no answer\u202e' }));
    book.count(run({ outcome: 'refused' }));
    book.count(run({ path: 'native' }));
    expect(book.all()).toEqual([
      {
        ...{ server: 's', tool: 'search', calls: 4, failures: 1, p50Ms: 10, p95Ms: 10, nativeShare: 0.5 },
        lastError: { at, message: 'timeout: no answer' },
      },
    ]);
  });

  it('times are of the last 200 calls', () => {
    const book = new FigureBook();
    for (let i = 0; i < 100; i++) book.count(run({ durationMs: 9_000 }));
    for (let i = 1; i <= 200; i++) book.count(run({ durationMs: i }));
    expect(book.all()).toMatchObject([{ calls: 300, p50Ms: 100, p95Ms: 190 }]);
  });

  it('a thousand tools are followed, those called last', () => {
    const book = new FigureBook();
    for (let i = 0; i < 1_100; i++) book.count(run({ tool: `t${i}` }));
    expect(book.all()).toHaveLength(1_000);
    expect(book.all().at(-1)?.tool).toBe('t1099');
  });
});

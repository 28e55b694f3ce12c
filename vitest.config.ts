import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest begins first, so that one worker is not left alone with it at the end. */
const LONG = ['journeys/recorded-calls', 'dashboard/tools-page', 'local-realtime/ears', 'local-realtime/other-talk'];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.includes(name));
      return at < 0 ? LONG.length : at;
    };
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

const journeys = 'test/journeys/**/*.test.ts';
const common = {
  globalSetup: ['test/global-setup.ts'],
  pool: 'forks' as const,
  testTimeout: 20_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [journeys, '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      // Guests who speak in real time to an engine that hears in real time: nothing else runs beside them. They mostly wait.
      {
        test: { ...common, name: 'journeys', include: [journeys], maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

const journeys = 'test/journeys/**/*.test.ts';
const common = {
  globalSetup: ['test/global-setup.ts'],
  pool: 'forks' as const,
  testTimeout: 20_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
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
      // Guests who speak in real time to an engine that hears in real time: nothing else runs beside them.
      {
        test: { ...common, name: 'journeys', include: [journeys], maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

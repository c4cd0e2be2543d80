import { defineConfig } from 'vitest/config';

/**
 * Two projects. `unit`: pure rules, no server, part of `npm run check`. `system`: everything that
 * meets a real database, socket or process, in files named `*.system.test.ts`.
 */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  // Where vitest runs the global setup; without it that needs a built dist.
  environments: { __vitest__: { resolve: { conditions: ['source'] } } },
  test: {
    // System tests wait for sockets and processes more than they compute.
    maxWorkers: 2,
    setupFiles: ['packages/test-kit/src/property-seed.ts'],
    reporters: ['default', './packages/test-kit/src/totals-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages/*,bench,chaos,conformance,tools/*}/src/**/*.test.ts'],
          exclude: ['**/*.system.test.ts', '**/node_modules/**', '**/dist/**'],
          // Properties try hundreds of cases: on a busy machine that takes longer than vitest's five seconds.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['{packages/*,bench,chaos,conformance,examples/*,tools/*}/src/**/*.system.test.ts'],
          globalSetup: ['packages/test-kit/src/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // A machine that stops for seconds can fail a test of sockets and processes. What needed a second
          // run is named at the end; `npm test -- --retry=0` allows none.
          retry: 1,
          pool: 'forks',
          // The files that a process runs share what they import: importing the server for each anew was half
          // of the time. So a test leaves nothing behind in its process.
          isolate: false,
        },
      },
    ],
  },
});

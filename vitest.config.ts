import { defineConfig } from 'vitest/config';

/**
 * One project per kind of test. `npm test` runs them all; `npx vitest run --project unit path` runs one.
 * Timeouts are generous: on two busy cores a test that talks to Postgres can wait seconds for its turn.
 */
export default defineConfig({
  test: {
    // Stopping a whole world and its database takes longer than the ten seconds that vitest grants.
    teardownTimeout: 90_000,
    // Journeys through the browser wait more than they work: two at a time, as many as there are cores in CI.
    maxConcurrency: 2,
    // The log of what passed is noise; of what failed it is the first thing to read.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{functions,sandbox,hosting,verifier,dev}/src/**/*.test.{ts,tsx}', 'dev/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['functions/test/integration/**/*.test.ts'],
          setupFiles: ['functions/test/support/keep-log.ts'],
          globalSetup: ['dev/test-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        // Campaigns: `npm test` runs a short version of each, `npm run prove -- <name>` the whole of it (PROOF=full).
        test: {
          name: 'proof',
          include: ['functions/test/proof/*.test.ts'],
          setupFiles: ['functions/test/support/keep-log.ts'],
          globalSetup: ['dev/test-postgres.ts'],
          testTimeout: process.env['PROOF'] === 'full' ? 3_600_000 : 180_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'rules',
          include: ['functions/test/rules/**/*.test.ts'],
          globalSetup: ['dev/test-firestore.ts'],
          // One emulator holds one set of rules and one database.
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'manifest',
          include: ['functions/test/manifest/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The MCP server as it is deployed, with the official suite, the Inspector and the official client as its callers.
        test: {
          name: 'mcp',
          include: ['functions/test/mcp/**/*.test.ts'],
          setupFiles: ['functions/test/support/keep-log.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['dev/browser/**/*.test.ts'],
          globalSetup: ['dev/test-world.ts'],
          fileParallelism: false,
          // Each attempt is a new person: a browser that lost its breath on a busy machine gets one more. `npm test` names each that needed it, and
          // leaves the picture of the first attempt: what fails now and then is more often a race in the product than a slow machine.
          retry: 1,
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});

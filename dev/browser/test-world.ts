import type { Ports } from '../ports.ts';
import { runScheduled } from '../scheduler.ts';
import type { World } from '../world.ts';

/** The world that the browser tests run against. */
export interface TestWorld {
  readonly urls: World['urls'];
  readonly databaseUrl: string;
  /** `host:port`; undefined where the machine has no Firestore emulator. */
  readonly firestore: string | undefined;
  readonly ports: Ports;
  /** Runs a scheduled function now, as Cloud Scheduler would at its time. */
  runScheduled(name: string): Promise<void>;
}

/** Returns the world that `npm test` has started. Throws outside of the vitest project `browser`. */
export function testWorld(): TestWorld {
  const text = process.env['DOTM_TEST_WORLD'];
  if (text === undefined) throw new Error('DOTM_TEST_WORLD is not set: run this test in the project "browser"');
  const world = JSON.parse(text) as Omit<TestWorld, 'runScheduled'>;
  return { ...world, runScheduled: (name) => runScheduled(world.ports, name) };
}

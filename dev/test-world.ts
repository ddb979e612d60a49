import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Children } from './children.ts';
import { postgresDataDir, stopAbandonedPostgres } from './postgres.ts';
import { placeOf } from './settings.ts';
import { startWorld } from './world.ts';

/**
 * Starts a whole world with an empty state for the browser tests and tells the workers where it is through
 * `DOTM_TEST_WORLD` (read it with `testWorld()`). Returns what stops it. Vitest calls this as `globalSetup`.
 */
export default async function setUpTestWorld(): Promise<() => Promise<void>> {
  const place = placeOf('test');
  const stateDir = path.join(place.stateDir, 'world');
  await new Children(stateDir).endLeftovers();
  const dataDir = await postgresDataDir(stateDir);
  await stopAbandonedPostgres(dataDir);
  await rm(dataDir, { recursive: true, force: true });
  await rm(stateDir, { recursive: true, force: true });
  const world = await startWorld({
    ports: place.ports,
    stateDir,
    report: (line) => process.stdout.write(`  world: ${line}\n`),
    trouble: (line) => process.stderr.write(`  world: ! ${line}\n`),
  });
  process.env['DOTM_TEST_WORLD'] = JSON.stringify({
    urls: world.urls,
    databaseUrl: world.databaseUrl,
    firestore: world.firestore,
    ports: place.ports,
  });
  return () => world.stop();
}

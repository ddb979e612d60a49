/** Clears everything that `npm start` and `npm test` have stored; keeps the downloaded Node. What `npm run reset` does. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Children } from './children.ts';
import { postgresDataDir, stopAbandonedPostgres } from './postgres.ts';
import { stateDirOf } from './settings.ts';

try {
  for (const kind of ['start', 'test'] as const) {
    const stateDir = stateDirOf(kind);
    if (!existsSync(stateDir)) continue;
    // Refuses while a world runs on this state, ends what a killed one left.
    for (const folder of [stateDir, path.join(stateDir, 'world')]) {
      if (!existsSync(folder)) continue;
      await new Children(folder).endLeftovers();
      const dataDir = await postgresDataDir(folder);
      await stopAbandonedPostgres(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    }
    await rm(stateDir, { recursive: true, force: true });
    process.stdout.write(`cleared ${path.basename(stateDir)}\n`);
  }
  process.stdout.write('Everything is as on the first day. `npm start` begins anew.\n');
} catch (error) {
  process.stderr.write(`  !  It could not be cleared: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

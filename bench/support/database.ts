import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../dev/net.ts';
import { postgresDataDir, startPostgres } from '../../dev/postgres.ts';
import { migrate } from '../../functions/src/ops/migrate.ts';

/** Runs `work` with the address of a migrated database of its own, on a server that waits for the disk at each commit as production does. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'dotm-bench-'));
  const dataDir = await postgresDataDir(path.join(stateDir, 'state'));
  const postgres = await startPostgres({
    dataDir,
    port: await freePort(),
    logFile: path.join(stateDir, 'postgres.log'),
  });
  try {
    await postgres.ensureDatabase('bench');
    await migrate(postgres.url('bench'));
    return await work(postgres.url('bench'));
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
    await rm(stateDir, { recursive: true, force: true });
  }
}

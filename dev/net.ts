import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Where free ports are looked for: below what Linux (32768), macOS and Windows (49152) give to outgoing connections and to
 * servers that ask for any port. A port of theirs can be gone between the moment it was found free and the moment it is used.
 */
const freePorts = { first: 20_000, last: 31_999 } as const;

/** Returns a TCP port of 127.0.0.1 that nothing listens on at this moment, chosen by lot. Throws where twenty in turn are taken. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = randomInt(freePorts.first, freePorts.last + 1);
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port found between ${String(freePorts.first)} and ${String(freePorts.last)}`);
}

async function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** Tells whether something accepts connections on `port` of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => {
      done(false);
    });
    socket.once('connect', () => {
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  });
}

/** Polls until something listens on `port`, or `stopped` gives a reason to give up. Throws that reason or the time-out. */
export async function untilListening(
  port: number,
  timeoutMs: number,
  stopped: () => string | undefined,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isListening(port))) {
    const reason = stopped();
    if (reason !== undefined) throw new Error(reason);
    if (Date.now() > deadline)
      throw new Error(`nothing listens on port ${String(port)} after ${String(timeoutMs / 1000)} s`);
    await wait(100);
  }
}

/** Names the process that listens on `port`, where the machine can tell cheaply; else undefined. */
export function listenerOf(port: number): string | undefined {
  try {
    if (process.platform === 'win32') return undefined;
    const out = execFileSync('lsof', ['-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-Fpc'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 3_000,
    });
    const pid = /^p(\d+)/m.exec(out)?.[1];
    const command = /^c(.+)/m.exec(out)?.[1];
    return pid === undefined ? undefined : `${command ?? 'process'} (pid ${pid})`;
  } catch {
    return undefined;
  }
}

import { execFileSync } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Returns a TCP port of 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => {
        resolve(port);
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

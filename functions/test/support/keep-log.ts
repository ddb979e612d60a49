import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';

/**
 * Keeps a copy of everything that tests of the backend print, the product's log lines among it, for the check that reads the logs of
 * the whole suite (dev/scan-logs.ts). Vitest loads this file before each test file of `integration` and `proof`.
 */
export const logFolder = path.resolve(import.meta.dirname, '../../../.dotm-test/logs');

const kept = Symbol.for('dotm.keep-log');
const world = globalThis as { [kept]?: boolean };

if (process.env['VITEST'] !== undefined && world[kept] !== true) {
  world[kept] = true;
  mkdirSync(logFolder, { recursive: true });
  const file = path.join(logFolder, `tests-${String(process.pid)}.log`);
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array, ...rest: []) => {
      appendFileSync(file, chunk);
      return write(chunk, ...rest);
    };
  }
  // Vitest leads what is said to the console past the streams.
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    const say = console[level].bind(console);
    console[level] = (...words: unknown[]) => {
      appendFileSync(file, `${format(...words)}\n`);
      say(...words);
    };
  }
}

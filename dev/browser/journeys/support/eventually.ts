import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** How long anything may take to appear: two cores run browser, database, emulators and functions at once. */
export const PATIENCE_MS = 45_000;

const LOOK_EVERY_MS = 200;

/** Waits until `read` gives something. Throws what was waited for, when it does not come. */
export async function eventually<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come in ${String(PATIENCE_MS / 1_000)} s`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Waits until what `read` returns is `expected`, looking again and again. */
export async function shows(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await read();
    if (isDeepStrictEqual(seen, expected)) return;
    if (Date.now() > deadline) throw new Error(`expected ${JSON.stringify(expected)}, saw ${JSON.stringify(seen)}`);
    await pause(LOOK_EVERY_MS);
  }
}

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Children } from './children.ts';
import { findFirestoreEmulator, firestoreCommand } from './firestore.ts';
import { freePort, untilListening } from './net.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/**
 * Starts a Firestore emulator for the rules tests and sets FIRESTORE_EMULATOR_HOST for the workers. Throws when the machine
 * has none: `npm test` asks `findFirestoreEmulator` first and counts these tests as skipped instead of coming here.
 * Returns what stops it. Vitest calls this as `globalSetup`.
 */
export default async function setUpTestFirestore(): Promise<() => Promise<void>> {
  const emulator = findFirestoreEmulator();
  if (emulator.kind === 'none') throw new Error(emulator.reason);
  if (emulator.kind === 'external') return () => Promise.resolve();
  const port = await freePort();
  const stateDir = path.join(ROOT, '.dotm-test', `rules-${String(process.pid)}`);
  const children = new Children(stateDir);
  const child = children.start({
    name: 'firestore',
    ...firestoreCommand(emulator, port, path.join(ROOT, 'firestore.rules')),
    cwd: ROOT,
  });
  await untilListening(port, 60_000, child.ended);
  process.env['FIRESTORE_EMULATOR_HOST'] = `127.0.0.1:${String(port)}`;
  return async () => {
    await child.stop(2_000);
    await rm(stateDir, { recursive: true, force: true });
  };
}

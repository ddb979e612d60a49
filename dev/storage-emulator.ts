/**
 * Runs the official Storage emulator as a program of its own:
 *   node dev/storage-emulator.ts <port> <folder> [throwaway]
 * firebase-tools starts it only together with a Java program that evaluates rules. Our rules deny every client, so the
 * evaluation is replaced by "no"; the Admin SDK passes it anyway. Files are kept in <folder> between runs; a throwaway one keeps
 * none, and is spared the copy of all its files that each change brings.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const PROJECT_ID = 'demo-dotm';

/** Writes follow each other closely; one export of the index afterwards is enough. */
const EXPORT_DELAY_MS = 1_000;

/** An export copies every file: with thousands of them it must not be all that the machine does. */
const EXPORT_SHARE = 20;

interface StorageLayer {
  export(folder: string, options: { initiatedBy: string }): Promise<void>;
  import(folder: string, options: { initiatedBy: string }): void;
}

interface Emulator {
  _files: Map<string, unknown>;
  _buckets: Map<string, unknown>;
  _rulesRuntime: Record<'start' | 'stop' | 'loadRuleset', () => Promise<unknown>>;
  storageLayer: StorageLayer;
}

type EmulatorClass = new (args: Record<string, unknown>) => Emulator;

const require = createRequire(import.meta.url);
const { StorageEmulator } = require('firebase-tools/lib/emulator/storage') as {
  StorageEmulator: EmulatorClass & { prototype: { getPersistenceTmpDir: () => string } };
};
const { EmulatorRegistry } = require('firebase-tools/lib/emulator/registry') as {
  EmulatorRegistry: { start(emulator: Emulator): Promise<void> };
};
const { StorageRulesIssues } = require('firebase-tools/lib/emulator/storage/rules/runtime') as {
  StorageRulesIssues: new () => unknown;
};

async function main(port: number, folder: string, isThrowaway: boolean): Promise<void> {
  const blobs = path.join(folder, 'blobs');
  const saved = path.join(folder, 'saved');
  // What is in the working folder without an index is unreachable; the saved copy is the truth.
  await rm(blobs, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  StorageEmulator.prototype.getPersistenceTmpDir = () => blobs;

  const rulesFile = path.resolve(import.meta.dirname, '../storage.rules');
  const emulator = new StorageEmulator({
    projectId: PROJECT_ID,
    host: '127.0.0.1',
    port,
    rules: { name: rulesFile, content: readFileSync(rulesFile, 'utf8') },
    auto_download: false,
  });
  denyClients(emulator);
  await EmulatorRegistry.start(emulator);
  if (isThrowaway) return;
  // The import needs the emulator's own address, which exists only once it runs.
  if (existsSync(path.join(saved, 'buckets.json'))) emulator.storageLayer.import(saved, { initiatedBy: 'start' });
  const save = saver(emulator, saved);
  onChange(emulator._files, save.soon);
  onChange(emulator._buckets, save.soon);
  process.once('SIGINT', () => {
    void save.now().finally(() => process.exit(0));
  });
}

function denyClients(emulator: Emulator): void {
  const issues = new StorageRulesIssues();
  const ruleset = { verify: () => Promise.resolve({ permitted: false, issues }) };
  emulator._rulesRuntime.start = () => Promise.resolve();
  emulator._rulesRuntime.stop = () => Promise.resolve();
  emulator._rulesRuntime.loadRuleset = () => Promise.resolve({ ruleset, issues });
}

/** Keeps a copy that survives a SIGKILL at any moment: written beside the old one, then swapped. */
function saver(emulator: Emulator, saved: string): { soon: () => void; now: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let delayMs = EXPORT_DELAY_MS;
  const write = async (): Promise<void> => {
    const beganAt = Date.now();
    const next = `${saved}.next`;
    await rm(next, { recursive: true, force: true });
    await mkdir(next, { recursive: true });
    await emulator.storageLayer.export(next, { initiatedBy: 'save' });
    await rm(saved, { recursive: true, force: true });
    await rename(next, saved);
    delayMs = Math.max(EXPORT_DELAY_MS, (Date.now() - beganAt) * EXPORT_SHARE);
  };
  const now = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    last = last.then(write, write);
    return last;
  };
  const soon = (): void => {
    timer ??= setTimeout(() => {
      now().catch((error: unknown) => {
        process.stderr.write(`the stored files could not be saved: ${String(error)}\n`);
      });
    }, delayMs);
  };
  return { soon, now };
}

/** Calls `changed` whenever an entry of the emulator's index is set or deleted. */
function onChange(map: Map<string, unknown>, changed: () => void): void {
  const set = map.set.bind(map);
  const remove = map.delete.bind(map);
  map.set = (key, value) => {
    changed();
    return set(key, value);
  };
  map.delete = (key) => {
    changed();
    return remove(key);
  };
}

const [port, folder, kind] = process.argv.slice(2);
if (!port || !folder) throw new Error('usage: node dev/storage-emulator.ts <port> <folder>');
await main(Number(port), path.resolve(folder), kind === 'throwaway');

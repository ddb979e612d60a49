import { createHash } from 'node:crypto';
import { existsSync, watch } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Children } from './children.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const FUNCTIONS_DIST = path.join(ROOT, 'functions/dist');
const PUBLIC_DIST = path.join(ROOT, 'functions/dist-public');
const HOSTING_DIST = path.join(ROOT, 'hosting/dist');

/** What the web app's bundle is made of. A change elsewhere needs no new build. */
const HOSTING_SOURCES = [
  'hosting',
  'verifier',
  'functions/src/shared',
  'package-lock.json',
  'tsconfig.base.json',
  'dev/builds.ts',
];

/** Bundles the backend into functions/dist, and what anybody may call into functions/dist-public. */
export async function buildBackend(): Promise<void> {
  // A fresh import on each call would defeat its cache; the builder reads its sources anew by itself.
  const { buildFunctions } = (await import(pathToFileURL(path.join(ROOT, 'functions/build.ts')).href)) as {
    buildFunctions: (options: { watch: boolean }) => Promise<unknown>;
  };
  await buildFunctions({ watch: false });
}

/**
 * Copies the bundle to `target`, where one world keeps it beside its own settings. Leaves files of an older bundle in place:
 * a worker that still runs may load one of its chunks later.
 */
export async function stageBackend(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await cp(FUNCTIONS_DIST, target, { recursive: true, force: true });
}

/** Copies the bundle of the public functions to `target`, as `stageBackend` does. */
export async function stagePublic(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await cp(PUBLIC_DIST, target, { recursive: true, force: true });
}

/**
 * Builds the functions again whenever their sources change, then calls `stage` and `reload`. A mistake in the source is said through
 * `trouble`; the functions that run go on. Returns what ends it.
 */
export function rebuildOnChange(
  stage: () => Promise<void>,
  reload: () => Promise<void>,
  say: { readonly report?: (line: string) => void; readonly trouble?: (line: string) => void },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const rebuild = async (): Promise<void> => {
    try {
      await buildBackend();
      await stage();
      await reload();
      say.report?.('functions rebuilt');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say.trouble?.(`the functions could not be rebuilt, the old ones go on: ${reason}`);
    }
  };
  const watcher = watch(path.join(ROOT, 'functions/src'), { recursive: true }, (_event, file) => {
    if (file?.endsWith('.test.ts')) return;
    clearTimeout(timer);
    // An editor saves several files at once.
    timer = setTimeout(() => {
      // One after the other: two builds at once would delete each other's files.
      last = last.then(rebuild);
    }, 300);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

/** Builds the web app into hosting/dist unless its sources are those of the last build. Tells whether it built. */
export async function buildWebApp(children: Children): Promise<boolean> {
  const stamp = path.join(HOSTING_DIST, '.sources');
  const hash = await hashOf(HOSTING_SOURCES.map((name) => path.join(ROOT, name)));
  if ((await readFile(stamp, 'utf8').catch(() => '')) === hash) return false;
  await children.run({
    name: 'hosting-build',
    command: process.execPath,
    args: [path.join(ROOT, 'node_modules/vite/bin/vite.js'), 'build'],
    cwd: path.join(ROOT, 'hosting'),
    // A test runner says `test` here, and vite would build the app without its service worker.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  await writeFile(stamp, hash);
  return true;
}

/** Copies the built web app to `target` with the runtime configuration of one world. */
export async function stageWebApp(target: string, config: unknown): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await cp(HOSTING_DIST, target, { recursive: true });
  await writeFile(path.join(target, 'config.json'), JSON.stringify(config, null, 2));
}

async function hashOf(roots: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(roots.map(filesBelow))).flat().sort()) {
    hash
      .update(path.relative(ROOT, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}

async function filesBelow(target: string): Promise<string[]> {
  if (!existsSync(target)) return [];
  const entries = await readdir(target, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [target];
  const kept = entries.filter((entry) => !['node_modules', 'dist'].includes(entry.name));
  const nested = await Promise.all(
    kept.map(async (entry) => {
      const child = path.join(target, entry.name);
      return entry.isDirectory() ? await filesBelow(child) : [child];
    }),
  );
  return nested.flat();
}

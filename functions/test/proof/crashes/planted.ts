import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bug } from './bugs.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

/** What a worker of the sweep loads. Packages are found in the repository's own node_modules, further up. */
const needed = [
  'package.json',
  'functions/package.json',
  'functions/src',
  'functions/test/support',
  'functions/test/proof/crashes',
  'sandbox/package.json',
  'sandbox/src',
];

/** A copy of the sources with a bug in it. */
export interface PlantedSources {
  readonly root: string;
  remove(): Promise<void>;
}

/** Copies the sources below the ignored .dotm-test/ and plants `bug`. Throws when the sources have moved on from under its patch. */
export async function plant(bug: Bug, index: number): Promise<PlantedSources> {
  const root = path.join(ROOT, '.dotm-test', `planted-${String(process.pid)}-${String(index)}`);
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  await remove();
  try {
    for (const entry of needed) {
      await mkdir(path.dirname(path.join(root, entry)), { recursive: true });
      await cp(path.join(ROOT, entry), path.join(root, entry), { recursive: true });
    }
    for (const { file, find, replace } of bug.patches) {
      const target = path.join(root, 'functions/src', file);
      await writeFile(target, patched(await readFile(target, 'utf8'), find, replace, `${bug.name}: ${file}`));
    }
    return { root, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Replaces the one place where `find` stands. Throws when there is none, or more: the bug must be planted anew in what is there now. */
export function patched(text: string, find: string, replace: string, where: string): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(
    `${where}: the patch must match once, and matches ${String(parts.length - 1)} times. Look for:\n${find}`,
  );
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { buildOptions } from '../../build.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Makes the bundle once more, without writing it, and gives what esbuild noted about it. Paths in it are relative to the root. */
export async function bundle(): Promise<Metafile> {
  const { metafile } = await build({
    ...buildOptions,
    absWorkingDir: root,
    write: false,
    metafile: true,
    sourcemap: false,
  });
  if (!metafile) throw new Error('esbuild gave no metafile');
  return metafile;
}

/** What the entry of the bundle loads before any function is called: files in it, packages that stay outside of it, size. */
export function startUp(metafile: Metafile): { inputs: string[]; external: string[]; bytes: number } {
  const entry = Object.keys(metafile.outputs).find((name) =>
    metafile.outputs[name]?.entryPoint?.endsWith('src/index.ts'),
  );
  const waiting = entry === undefined ? [] : [entry];
  const seen = new Set<string>();
  const external = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const output = metafile.outputs[name];
    if (!output || seen.has(name)) continue;
    seen.add(name);
    for (const used of output.imports) {
      // An import in a function body and a require inside a try come later or never.
      if (used.kind !== 'import-statement') continue;
      if (used.external) external.add(used.path);
      else waiting.push(used.path);
    }
  }
  // A file of which nothing is left in the output is not loaded.
  const inputs = [...seen].flatMap((name) =>
    Object.entries(metafile.outputs[name]?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [file] : [],
    ),
  );
  const bytes = [...seen].reduce((sum, name) => sum + (metafile.outputs[name]?.bytes ?? 0), 0);
  return { bytes, inputs, external: [...external].filter((name) => !name.startsWith('node:')) };
}

/** The files of our own that `entry` reaches; with `lazy`, also through imports in function bodies. Does not enter `stop`. */
export function reachable(
  metafile: Metafile,
  entry: string,
  options: { lazy: boolean; stop: readonly string[] },
): Map<string, string> {
  const texts = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const input = metafile.inputs[file];
    if (!input || texts.has(file) || options.stop.includes(file) || file.includes('node_modules/')) continue;
    texts.set(file, readFileSync(path.join(root, file), 'utf8'));
    for (const used of input.imports) if (options.lazy || used.kind !== 'dynamic-import') waiting.push(used.path);
  }
  return texts;
}

/** Reads a source file of the backend. */
export function source(file: string): string {
  return readFileSync(path.join(root, 'functions/src', file), 'utf8');
}

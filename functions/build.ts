import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context, type BuildOptions } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'dist');

/**
 * What stays outside of the bundle. firebase-functions keeps its list of parameters in its own module and must be the very copy that
 * the runtime loads; the Google libraries read files beside their code. They are installed on deploy at exactly these versions.
 */
const external = ['firebase-functions', 'firebase-admin'];

/** How the bundle is made; the manifest test makes it once more to see what a function loads when it starts. */
export const buildOptions: BuildOptions = {
  entryPoints: [join(here, 'src/index.ts')],
  outdir: out,
  bundle: true,
  // Shared code goes into chunks, and each lazy import is a file of its own: a function reads only what it runs.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  metafile: true,
  minifySyntax: true,
  legalComments: 'none',
  external: external.flatMap((name) => [name, `${name}/*`]),
  // Packages in CommonJS ask for Node's own modules with require.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
};

async function writeManifest(): Promise<void> {
  const own = JSON.parse(await readFile(join(here, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const manifest = {
    name: 'dotm-functions',
    private: true,
    type: 'module',
    main: 'index.js',
    engines: { node: '24' },
    dependencies: Object.fromEntries(external.map((name) => [name, own.dependencies[name]])),
  };
  await writeFile(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Builds `functions/dist`, which is all that is deployed: bundle, manifest with pinned versions of what is not bundled. Settings
 * (`.env*`, `.secret.local`) that lie there are kept. With `watch` it goes on building until `stop` is called.
 */
export async function buildFunctions(
  mode: { watch: boolean } = { watch: false },
): Promise<{ stop: () => Promise<void> }> {
  await mkdir(out, { recursive: true });
  await rm(join(out, 'chunks'), { recursive: true, force: true });
  await writeManifest();
  const settled = { ...buildOptions, chunkNames: 'chunks/[name]-[hash]' };
  const first = await build(settled);
  await writeFile(join(out, 'meta.json'), JSON.stringify(first.metafile));
  if (!mode.watch) return { stop: () => Promise.resolve() };
  const watcher = await context(settled);
  await watcher.watch();
  return { stop: () => watcher.dispose() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFunctions();

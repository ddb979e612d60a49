import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context, type BuildOptions } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** What is deployed by itself: a bundle with a manifest of what it needs besides. */
interface Codebase {
  readonly entry: string;
  readonly out: string;
  /**
   * What stays outside of the bundle. firebase-functions keeps its list of parameters in its own module and must be the very copy that
   * the runtime loads; the Google libraries read files beside their code. They are installed on deploy at exactly these versions.
   */
  readonly external: readonly string[];
  readonly name: string;
}

const backend: Codebase = {
  entry: 'src/index.ts',
  out: 'dist',
  external: ['firebase-functions', 'firebase-admin', '@google-cloud/storage'],
  name: 'dotm-functions',
};

/** What anybody may call: no database, no Admin SDK, no vendor. firebase-functions is for the deployment; no function loads it. */
const publicDoors: Codebase = {
  entry: 'src/public.ts',
  out: 'dist-public',
  external: ['firebase-functions'],
  name: 'dotm-public',
};

function optionsOf({ entry, out, external }: Codebase): BuildOptions {
  return {
    entryPoints: [join(here, entry)],
    outdir: join(here, out),
    // The deployed package starts at index.js in both.
    entryNames: 'index',
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
}

/** How the bundles are made; the manifest tests make them once more to see what a function loads when it starts. */
export const buildOptions: BuildOptions = optionsOf(backend);
export const publicBuildOptions: BuildOptions = optionsOf(publicDoors);

async function writeManifest({ name, out, external }: Codebase): Promise<void> {
  const own = JSON.parse(await readFile(join(here, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const manifest = {
    name,
    private: true,
    type: 'module',
    main: 'index.js',
    engines: { node: '24' },
    dependencies: Object.fromEntries(external.map((each) => [each, own.dependencies[each]])),
  };
  await writeFile(join(here, out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function buildCodebase(codebase: Codebase, watch: boolean): Promise<() => Promise<void>> {
  const out = join(here, codebase.out);
  await mkdir(out, { recursive: true });
  await rm(join(out, 'chunks'), { recursive: true, force: true });
  await writeManifest(codebase);
  const settled = { ...optionsOf(codebase), chunkNames: 'chunks/[name]-[hash]' };
  const first = await build(settled);
  await writeFile(join(out, 'meta.json'), JSON.stringify(first.metafile));
  if (!watch) return () => Promise.resolve();
  const watcher = await context(settled);
  await watcher.watch();
  return () => watcher.dispose();
}

/**
 * Builds `functions/dist` and `functions/dist-public`, which is all that is deployed: each a bundle, and a manifest with pinned versions of
 * what is not bundled. Settings (`.env*`, `.secret.local`) that lie there are kept. With `watch` it goes on building until `stop` is called.
 */
export async function buildFunctions(
  mode: { watch: boolean } = { watch: false },
): Promise<{ stop: () => Promise<void> }> {
  const stops = await Promise.all([backend, publicDoors].map((codebase) => buildCodebase(codebase, mode.watch)));
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFunctions();

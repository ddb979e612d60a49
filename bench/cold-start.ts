/**
 * What does it cost to start each function? Loads the bundle as Cloud Run does (a new process, FUNCTION_TARGET set) beside a function that
 * does nothing, in turn, and prints medians of the time and memory that the import takes. `mcp, first answer` is the MCP server from the start
 * of the import to its first answer: it loads the protocol and the schemas with its first request.
 *
 *   npm run bench -- cold-start [rounds] [names of functions, separated by commas]
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildFunctions } from '../functions/build.ts';
import { median, medianRatio } from './support/slices.ts';

const root = path.resolve(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 9);

/** CPU time beside the time that passed: on a machine that others use too, it says more. */
interface Start {
  cpuMs: number;
  ms: number;
  mib: number;
}

/** What is started: a function of a bundle. */
interface Measured {
  entry: string;
  target: string;
  firstAnswer?: boolean;
}

/** Runs in the new process: nothing is loaded yet but Node. */
const measure = `
const before = { at: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage.rss() };
const loaded = await import(process.env.BENCH_ENTRY);
const served = loaded[process.env.FUNCTION_TARGET];
if (typeof served !== 'function') throw new Error('no such function');
if (process.env.BENCH_FIRST_ANSWER) {
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const headers = { host: '127.0.0.1', 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const req = { method: 'POST', headers, body, rawBody: Buffer.from(JSON.stringify(body)), socket: {} };
  await new Promise((resolve) => served(req, { setHeader() {}, end: resolve }));
}
const { user, system } = process.cpuUsage(before.cpu);
console.log(JSON.stringify({ ms: performance.now() - before.at, cpuMs: (user + system) / 1000, mib: (process.memoryUsage.rss() - before.rss) / 2 ** 20 }));
process.exit(0);
`;

async function start({ entry, target, firstAnswer = false }: Measured): Promise<Start> {
  const env = {
    ...(firstAnswer ? { BENCH_FIRST_ANSWER: 'true' } : {}),
    APP_URL: 'http://127.0.0.1:5000',
    PATH: process.env['PATH'],
    BENCH_ENTRY: pathToFileURL(entry).href,
    FUNCTION_TARGET: target,
    GCLOUD_PROJECT: 'demo-dotm',
    FIREBASE_CONFIG: '{"projectId":"demo-dotm"}',
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', measure], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Start;
}

/** A function of nothing, with the same firebase-functions. */
async function writeEmpty(folder: string): Promise<string> {
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  const entry = path.join(folder, 'index.js');
  const code = `import { onRequest } from 'firebase-functions/https';\nexport const empty = onRequest((req, res) => { res.end(); });\n`;
  await writeFile(entry, code);
  return entry;
}

async function functionsOf(entry: string): Promise<[string, Measured][]> {
  const loaded = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  const names = Object.keys(loaded).filter((name) => typeof loaded[name] === 'function');
  return names.map((target) => [target, { entry, target }]);
}

const folder = await mkdtemp(path.join(tmpdir(), 'dotm-cold-'));
try {
  const bundle = path.join(root, 'functions/dist/index.js');
  if (!existsSync(bundle) || !process.argv.includes('--no-build')) await buildFunctions();
  const publicBundle = path.join(root, 'functions/dist-public/index.js');
  const chosen = process.argv[3]?.split(',');
  const all: [string, Measured][] = [
    ...(await functionsOf(bundle)),
    ...(await functionsOf(publicBundle)),
    ['mcp, first answer', { entry: publicBundle, target: 'mcp', firstAnswer: true }],
  ];
  const measured = new Map<string, Measured>([
    ['empty', { entry: await writeEmpty(folder), target: 'empty' }],
    ...all.filter(([, { target }]) => chosen?.includes(target) ?? true),
  ]);
  const found = new Map<string, Start[]>([...measured.keys()].map((name) => [name, []]));
  console.log(
    `node ${process.version}, ${String(availableParallelism())} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, starts] of found) {
      const what = measured.get(name);
      if (!what) continue;
      const figures = await start(what);
      // The first round fills the file cache.
      if (round > 0) starts.push(figures);
    }
  }
  const times = (name: string): number[] => (found.get(name) ?? []).map(({ ms }) => ms);
  const cpu = (name: string): number[] => (found.get(name) ?? []).map(({ cpuMs }) => cpuMs);
  const memory = (name: string): number[] => (found.get(name) ?? []).map(({ mib }) => mib);
  console.log(`medians of ${String(rounds)} starts each\n`);
  console.log(
    '| function | import, ms | / empty | CPU, ms | / empty | memory, MiB | / empty |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  for (const name of found.keys()) {
    const cells = [
      median(times(name)).toFixed(0),
      medianRatio(times(name), times('empty')).toFixed(2),
      median(cpu(name)).toFixed(0),
      medianRatio(cpu(name), cpu('empty')).toFixed(2),
      median(memory(name)).toFixed(1),
      medianRatio(memory(name), memory('empty')).toFixed(2),
    ];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

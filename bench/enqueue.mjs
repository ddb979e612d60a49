// Which client should put tasks into Cloud Tasks? Measures firebase-admin/functions, as platform/tasks.ts uses it, beside
// @google-cloud/tasks, against the official Tasks emulator: time and memory to load, time to the first task, time and CPU per task.
// Both speak to the emulator through the same small proxy, which the second needs (the emulator serves no /v2). Run it as
//   node bench/enqueue.mjs
// with the Node version of the functions; it takes about a minute. Compare ratios: absolute figures drift with the machine.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(here), '..');
const project = 'demo-dotm';
const queue = `projects/${project}/locations/us-central1/queues/bench`;
/** Of this program alone, so that it runs beside a local world. */
const ports = { tasks: 29499, functions: 25001, hub: 24400, logging: 24500, eventarc: 29299, proxy: 29498 };

const rounds = 9;
const warmUp = 30;
const perRound = 150;

/** Each client: how it is loaded, and how it puts one task into the queue. */
const clients = {
  'firebase-admin/functions': async () => {
    const { initializeApp } = await import('firebase-admin/app');
    const { getFunctions } = await import('firebase-admin/functions');
    return () => {
      const tasks = getFunctions(initializeApp()).taskQueue('locations/us-central1/functions/bench');
      return (id) => tasks.enqueue({ jobId: id }, { id });
    };
  },
  '@google-cloud/tasks': async () => {
    const { CloudTasksClient } = await import('@google-cloud/tasks');
    return () => {
      const anybody = {
        universeDomain: 'googleapis.com',
        getRequestHeaders: async () => new Headers(),
        fetch: (url, init) => fetch(url, init),
      };
      const client = new CloudTasksClient({
        fallback: true,
        protocol: 'http',
        apiEndpoint: '127.0.0.1',
        port: ports.proxy,
        auth: anybody,
      });
      return (id) => {
        const url = `http://127.0.0.1:${ports.functions}/${project}/us-central1/bench`;
        const body = Buffer.from(JSON.stringify({ data: { jobId: id } })).toString('base64');
        const httpRequest = { url, httpMethod: 'POST', body, headers: { 'Content-Type': 'application/json' } };
        return client.createTask({ parent: queue, task: { name: `${queue}/tasks/${id}`, httpRequest } });
      };
    };
  },
};

/** Runs in a process of its own: one client, from nothing to many tasks. Prints its figures as JSON. */
async function measure(name, round) {
  const before = { rss: process.memoryUsage().rss, at: performance.now() };
  const open = await clients[name]();
  const loaded = { ms: performance.now() - before.at, mib: (process.memoryUsage().rss - before.rss) / 2 ** 20 };
  const label = `${name === '@google-cloud/tasks' ? 'direct' : 'admin'}-${process.pid}-${round}`;
  const firstAt = performance.now();
  const enqueue = open();
  await enqueue(`${label}-first`);
  const firstMs = performance.now() - firstAt;
  for (let index = 0; index < warmUp; index += 1) await enqueue(`${label}-warm-${index}`);
  const [cpuBefore, at] = [process.cpuUsage(), performance.now()];
  for (let index = 0; index < perRound; index += 1) await enqueue(`${label}-${index}`);
  const ms = (performance.now() - at) / perRound;
  const { user, system } = process.cpuUsage(cpuBefore);
  const figures = {
    loadMs: loaded.ms,
    loadMib: loaded.mib,
    firstMs,
    taskMs: ms,
    taskCpuMs: (user + system) / 1000 / perRound,
  };
  process.stdout.write(JSON.stringify(figures));
  process.exit(0);
}

/** Strips `/v2`, which the client library puts before each path and the emulator does not know. */
async function startProxy() {
  const server = createServer((req, res) => {
    const target = {
      host: '127.0.0.1',
      port: ports.tasks,
      method: req.method,
      path: req.url?.replace(/^\/v2\//, '/'),
      headers: req.headers,
    };
    const forward = request(target, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    forward.on('error', () => res.writeHead(502).end());
    req.pipe(forward);
  });
  await new Promise((resolve) => server.listen(ports.proxy, '127.0.0.1', resolve));
  return server;
}

/** Starts the emulators with one task function that does nothing, dispatched once a second so that it does not disturb. */
async function startEmulators(folder) {
  const source = path.join(folder, 'functions');
  await mkdir(source, { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const code = `import { onTaskDispatched } from 'firebase-functions/tasks';
export const bench = onTaskDispatched({ rateLimits: { maxConcurrentDispatches: 1, maxDispatchesPerSecond: 1 } }, () => undefined);
`;
  const manifest = {
    name: 'bench',
    private: true,
    type: 'module',
    main: 'index.js',
    dependencies: { 'firebase-functions': '*' },
  };
  await writeFile(path.join(source, 'index.js'), code);
  await writeFile(path.join(source, 'package.json'), JSON.stringify(manifest));
  const at = (port) => ({ host: '127.0.0.1', port });
  const { proxy: _proxy, ...emulated } = ports;
  const emulators = Object.fromEntries(Object.entries(emulated).map(([name, port]) => [name, at(port)]));
  const config = {
    functions: [{ source: 'functions', runtime: 'nodejs24' }],
    emulators: { ...emulators, ui: { enabled: false } },
  };
  await writeFile(path.join(folder, 'firebase.json'), JSON.stringify(config));
  const tools = createRequire(here).resolve('firebase-tools/lib/bin/firebase.js');
  const child = spawn(process.execPath, [tools, 'emulators:start', '--only', 'functions,tasks', '--project', project], {
    cwd: folder,
    env: { ...process.env, CI: 'true', NO_UPDATE_NOTIFIER: '1', FIREBASE_CLI_DISABLE_UPDATE_CHECK: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const deadline = Date.now() + 120_000;
  while (!output.includes('All emulators ready')) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the emulators did not start:\n${output}`);
    await wait(100);
  }
  return child;
}

/** Figures of tasks that never arrived would be worth nothing. The emulator dispatches one a second meanwhile. */
async function refuseLost() {
  const stats = await (await fetch(`http://127.0.0.1:${ports.tasks}/queueStats`)).json();
  const held = Object.values(stats)[0]?.numberOfTasks ?? 0;
  const sent = rounds * Object.keys(clients).length * (1 + warmUp + perRound);
  if (held < 0.9 * sent) throw new Error(`of ${sent} tasks the emulator holds ${held}`);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function compare() {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-enqueue-'));
  const proxy = await startProxy();
  let emulators;
  try {
    emulators = await startEmulators(folder);
    const env = {
      ...process.env,
      CLOUD_TASKS_EMULATOR_HOST: `127.0.0.1:${ports.proxy}`,
      GCLOUD_PROJECT: project,
      FIREBASE_CONFIG: JSON.stringify({ projectId: project }),
    };
    const found = Object.fromEntries(Object.keys(clients).map((name) => [name, []]));
    // In turn, so that whatever else the machine does hits both alike.
    for (let round = 0; round < rounds; round += 1) {
      for (const name of Object.keys(clients)) {
        const { stdout } = await promisify(execFile)(process.execPath, [here, name, String(round)], { env });
        found[name].push(JSON.parse(stdout));
      }
    }
    await refuseLost();
    report(found);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    if (emulators && emulators.exitCode === null) {
      const gone = new Promise((resolve) => emulators.once('exit', resolve));
      emulators.kill('SIGINT');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

function report(found) {
  const [admin, direct] = Object.keys(clients);
  const figures = {
    loadMs: 'load, ms',
    loadMib: 'memory after load, MiB',
    firstMs: 'first task, ms',
    taskMs: 'each further task, ms',
    taskCpuMs: 'CPU for each further task, ms',
  };
  process.stdout.write(`node ${process.version}, medians of ${rounds} processes each, ${perRound} tasks in a row\n\n`);
  process.stdout.write(`| | ${admin} | ${direct} | ratio |\n|---|---|---|---|\n`);
  for (const [key, text] of Object.entries(figures)) {
    const [one, other] = [admin, direct].map((name) => median(found[name].map((each) => each[key])));
    process.stdout.write(`| ${text} | ${one.toFixed(2)} | ${other.toFixed(2)} | ${(other / one).toFixed(2)} |\n`);
  }
}

const [name, round] = process.argv.slice(2);
if (name !== undefined) await measure(name, round);
else if (process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === import.meta.url) await compare();

/**
 * What does a call of an MCP tool cost? Serves the built function with the Functions Framework, beside a function that only says hello
 * and one that answers bare JSON-RPC with an answer of the same size, and calls them in slices that alternate, from 1 and from 32 callers:
 *
 *   npm run bench -- mcp [rounds] [seconds per slice]
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { freePort, untilListening } from '../dev/net.ts';
import { publicBuildOptions } from '../functions/build.ts';
import { publishedCatalog, testQuoteKeys } from '../functions/test/support/mcp-server.ts';
import { cpuMsOf, peakMemoryMb } from './load/cpu.ts';
import { drive, type Shot } from './load/drive.ts';
import { median, medianRatio } from './support/slices.ts';

const root = path.resolve(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 7);
const seconds = Number(process.argv[3] ?? 1);
const callerCounts = [1, 32] as const;

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const priceArguments = {
  items: [
    { productId: 'network_vpn', cycle: 'monthly' },
    { productId: 'network_security', cycle: 'monthly' },
    { productId: 'network_priority', cycle: 'monthly' },
  ],
  currency: 'USD',
};

function call(name: string, args: object): object {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
}

/** The same call in the form of 2026: each request says who asks and in which revision. */
function modern(message: object): { headers: Record<string, string>; body: object } {
  const { params, ...rest } = message as { params: { name: string } };
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const named = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': params.name };
  return { headers: { ...headers, ...named }, body: { ...rest, params: { ...params, _meta } } };
}

/** What the functions of comparison do. The bare one checks as much of a request as any JSON-RPC handler has to. */
function comparisonSource(answer: string): string {
  return `
    const answer = ${answer};
    export const hello = (req, res) => { res.end('hello'); };
    export const bare = (req, res) => {
      const { jsonrpc, id, method, params } = req.body ?? {};
      res.setHeader('content-type', 'application/json');
      if (jsonrpc !== '2.0' || method !== 'tools/call' || typeof params?.name !== 'string') {
        res.statusCode = 400;
        res.end(JSON.stringify({ jsonrpc: '2.0', id: id ?? null, error: { code: -32600, message: 'Invalid Request' } }));
        return;
      }
      res.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer }));
    };`;
}

interface Running {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

async function serve(source: string, target: string, env: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const framework = path.join(root, 'node_modules/@google-cloud/functions-framework/build/src/main.js');
  // The heap that an instance of 256 MiB has.
  const args = ['--max-old-space-size=205', framework, `--source=${source}`, `--target=${target}`];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: String(port),
      FUNCTION_TARGET: target,
      FUNCTION_SIGNATURE_TYPE: 'http',
      APP_URL: `http://127.0.0.1:${String(port)}`,
      ...env,
    },
  });
  await untilListening(port, 60_000, () => (child.exitCode === null ? undefined : `${target} ended`));
  return { url: `http://127.0.0.1:${String(port)}/mcp`, pid: child.pid ?? 0, stop: () => void child.kill('SIGKILL') };
}

interface Contender {
  readonly name: string;
  readonly running: Running;
  readonly shot: Shot;
}

interface Figures {
  readonly perSecond: number[];
  readonly p50: number[];
  readonly p99: number[];
  /** CPU of the function's process for each call, µs. */
  readonly cpu: number[];
}

async function slice({ running, shot }: Contender, callers: number, into: Figures | undefined): Promise<void> {
  const before = cpuMsOf(running.pid);
  const { errors, requests, seconds: took, p50, p99 } = await drive(() => shot, callers, seconds);
  if (errors.size > 0) throw new Error(`not every call was answered with 200: ${JSON.stringify([...errors])}`);
  into?.perSecond.push(requests / took);
  into?.p50.push(p50);
  into?.p99.push(p99);
  into?.cpu.push(((cpuMsOf(running.pid) - before) * 1000) / requests);
}

await mkdir(path.join(root, '.dotm-test'), { recursive: true });
const folder = await mkdtemp(path.join(root, '.dotm-test/bench-mcp-'));
const api = createServer((_req, res) => {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(publishedCatalog));
});
const running: Running[] = [];
try {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const [bundle, comparison] = [path.join(folder, 'public'), path.join(folder, 'comparison')];
  await build({ ...publicBuildOptions, outdir: bundle, chunkNames: 'chunks/[name]-[hash]', sourcemap: false });
  await mkdir(comparison);
  for (const where of [bundle, comparison]) {
    await writeFile(path.join(where, 'package.json'), '{ "type": "module", "main": "index.js" }');
  }
  const mcp = await serve(bundle, 'mcp', {
    CATALOG_URL: `http://127.0.0.1:${String((api.address() as AddressInfo).port)}/api/catalog`,
    QUOTE_KEYS: testQuoteKeys,
    PUBLIC_CALLS_PER_MINUTE: '100000000',
  });
  running.push(mcp);
  const price = call('calculate_pricing', priceArguments);
  const post = (url: string, body: object, own: Record<string, string> = headers): Shot => ({
    url,
    method: 'POST',
    headers: own,
    body: JSON.stringify(body),
  });
  const answer = (await (await fetch(mcp.url, { method: 'POST', headers, body: JSON.stringify(price) })).json()) as {
    result: object;
  };
  await writeFile(path.join(comparison, 'index.js'), comparisonSource(JSON.stringify(answer.result)));
  const [hello, bare] = [await serve(comparison, 'hello', {}), await serve(comparison, 'bare', {})];
  running.push(hello, bare);

  const ofToday = modern(price);
  const contenders: Contender[] = [
    { name: 'hello', running: hello, shot: post(hello.url, price) },
    { name: 'bare JSON-RPC', running: bare, shot: post(bare.url, price) },
    { name: 'calculate_pricing, 2025', running: mcp, shot: post(mcp.url, price) },
    { name: 'calculate_pricing, 2026', running: mcp, shot: post(mcp.url, ofToday.body, ofToday.headers) },
    {
      name: 'get_quote',
      running: mcp,
      shot: post(mcp.url, call('get_quote', { items: [{ productId: 'global_data_10gb' }] })),
    },
    {
      name: 'check_coverage',
      running: mcp,
      shot: post(mcp.url, call('check_coverage', { places: ['Austria', 'Paris'] })),
    },
    { name: 'search_services', running: mcp, shot: post(mcp.url, call('search_services', { query: 'data' })) },
    { name: 'tools/list', running: mcp, shot: post(mcp.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }) },
  ];
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  console.log(
    `node ${process.version}, ${String(availableParallelism())} cores, load ${load}, ${String(rounds)} rounds`,
  );
  for (const callers of callerCounts) {
    const found = new Map<string, Figures>(
      contenders.map(({ name }) => [name, { perSecond: [], p50: [], p99: [], cpu: [] }]),
    );
    for (let round = 0; round <= rounds; round += 1) {
      // The first round warms up; every second one runs backwards, so that none always follows the same one.
      for (const each of round % 2 === 0 ? contenders : contenders.toReversed()) {
        await slice(each, callers, round > 0 ? found.get(each.name) : undefined);
      }
    }
    const bareCpu = found.get('bare JSON-RPC')?.cpu ?? [];
    const helloCpu = found.get('hello')?.cpu ?? [];
    console.log(`\n${String(callers)} ${callers === 1 ? 'caller' : 'callers'}\n`);
    console.log('| call | a second | p50, ms | p99, ms | CPU, µs | CPU / bare JSON-RPC | CPU / hello |');
    console.log('| --- | --- | --- | --- | --- | --- | --- |');
    for (const [name, { perSecond, p50, p99, cpu }] of found) {
      const cells = [
        median(perSecond).toFixed(0),
        median(p50).toFixed(2),
        median(p99).toFixed(2),
        median(cpu).toFixed(0),
        medianRatio(cpu, bareCpu).toFixed(2),
        medianRatio(cpu, helloCpu).toFixed(2),
      ];
      console.log(`| ${name} | ${cells.join(' | ')} |`);
    }
  }
  console.log(`\npeak memory of the function: ${String(peakMemoryMb(mcp.pid))} MiB`);
} finally {
  for (const each of running) each.stop();
  api.close();
  api.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { freePort, untilListening } from '../../../dev/net.ts';
import { publicBuildOptions } from '../../build.ts';
import { publishedCatalog, testQuoteKeys } from './mcp-server.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** A public function as it is deployed, running. */
export interface RunningFunction {
  readonly url: string;
  readonly pid: number;
  /** Everything that it has written to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Builds the public functions into a folder of their own and serves one of them with the Functions Framework, which is what Cloud Run
 * runs them with. The catalogue comes over HTTP from a stand-in for the API. `env` is added to the settings.
 */
export async function startPublicFunction(target: string, env: Record<string, string> = {}): Promise<RunningFunction> {
  await mkdir(path.join(root, '.dotm-test'), { recursive: true });
  const folder = await mkdtemp(path.join(root, '.dotm-test/public-'));
  await build({ ...publicBuildOptions, outdir: folder, chunkNames: 'chunks/[name]-[hash]', sourcemap: false });
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module", "main": "index.js" }');
  const api = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(publishedCatalog));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  const framework = path.join(root, 'node_modules/@google-cloud/functions-framework/build/src/main.js');
  const child = spawn(process.execPath, [framework, `--source=${folder}`, `--target=${target}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      FUNCTION_TARGET: target,
      FUNCTION_SIGNATURE_TYPE: 'http',
      NODE_ENV: 'production',
      APP_URL: `http://127.0.0.1:${String(port)}`,
      CATALOG_URL: `http://127.0.0.1:${String((api.address() as AddressInfo).port)}/api/catalog`,
      QUOTE_KEYS: testQuoteKeys,
      PUBLIC_CALLS_PER_MINUTE: '1000000',
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async (): Promise<void> => {
    await ended(child);
    await new Promise<void>((resolve) => {
      api.close(() => resolve());
      api.closeAllConnections();
    });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilListening(port, 60_000, () => (child.exitCode === null ? undefined : `the function ended: ${output}`));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${String(port)}/`, pid: child.pid ?? 0, log: () => output, stop };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import firebaseConfig from '../../../firebase.json' with { type: 'json' };
import { publicBuildOptions } from '../../build.ts';
import { params } from '../../src/platform/config.ts';
import { region } from '../../src/platform/region.ts';
import { deployedPublic as deployed } from './deployed.ts';

// The codebase `public` is what anybody may call without an account. What it does not have it can't give away: these tests read the very
// files that are deployed.

const root = path.resolve(import.meta.dirname, '../../..');

/** The protocol, schemas, signatures; for the pages a router and sentences with plurals. A new one is looked at before it comes in. */
const allowedPackages =
  /^(@modelcontextprotocol\/(core|server)|zod|jose|hono|@hono\/node-server|intl-messageformat|@formatjs\/.*)$/;

let folder: string;
let metafile: Metafile;
let texts: string[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dotm-public-'));
  ({ metafile } = await build({
    ...publicBuildOptions,
    absWorkingDir: root,
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
    sourcemap: false,
  }));
  const files = await readdir(folder, { recursive: true });
  texts = await Promise.all(
    files.filter((file) => file.endsWith('.js')).map((file) => readFile(path.join(folder, file), 'utf8')),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the bundle of the public functions', () => {
  it('holds no database driver, no Admin SDK, no vendor’s SDK, no mail and no queue', () => {
    const inputs = Object.keys(metafile.inputs);
    const packages = new Set(inputs.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
    expect([...packages].filter((name) => !allowedPackages.test(name))).toEqual([]);
    const forbidden = /^functions\/src\/(features|store|vendors|triggers|ops)\//;
    expect(inputs.filter((file) => forbidden.test(file))).toEqual([]);
  });

  it('holds of the platform only what writes log lines, signs quotes and names the region', () => {
    const platform = Object.keys(metafile.inputs).filter((file) => file.startsWith('functions/src/platform/'));
    const allowed = [
      'log.ts',
      'quotes/quote-keys.ts',
      'quotes/sign-quote.ts',
      'region.ts',
      'server-log.ts',
      'trace.ts',
    ];
    const names = platform.map((file) => file.replace('functions/src/platform/', ''));
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('names no secret but the key that signs quotes', () => {
    const all = Object.values(params)
      .map((param) => param.name)
      .filter((name) => /KEY|SECRET|TOKEN|PASSWORD|DATABASE|SMTP/.test(name));
    expect(all).toContain('DATABASE_URL');
    const named = all.filter((name) => texts.some((text) => text.includes(name)));
    expect(named).toEqual(['QUOTE_KEYS']);
    for (const text of texts) expect(text).not.toMatch(/postgres(ql)?:\/\/|sk_(live|test)_|whsec_/);
  });

  it('asks at run time for nothing but Node’s own modules', async () => {
    const loaded = await modulesLoadedBy(folder, 'mcp');
    expect(loaded.filter((url) => url.includes('node_modules'))).toEqual([]);
  });

  it('is deployed with firebase-functions alone, which no function loads when it serves', async () => {
    const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.filter(({ external, path: name }) => external && !name.startsWith('node:')).map(({ path: name }) => name),
    );
    // ajv is the SDK's way to validate what a client is asked for; it reaches for nothing outside.
    expect([...new Set(outside)].sort()).toEqual([]);
    const codebase = firebaseConfig.functions.find((each) => each.codebase === 'public');
    expect(codebase).toMatchObject({ source: 'functions/dist-public', runtime: 'nodejs24' });
  });
});

/** Serves one function in a new process and calls it once. Returns the addresses of all modules that were loaded. */
async function modulesLoadedBy(where: string, target: string): Promise<string[]> {
  const hooks = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    const { Readable } = await import('node:stream');
    const loaded = await import(process.argv[1]);
    const body = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const req = Object.assign(Readable.from([]), { method: 'POST', headers: { host: '127.0.0.1', 'content-type': 'application/json', accept: 'application/json, text/event-stream' }, body, rawBody: Buffer.from(JSON.stringify(body)), socket: {} });
    const answer = await new Promise((resolve) => {
      const res = { statusCode: 0, setHeader() {}, end(text) { resolve([res.statusCode, text]); } };
      void loaded[process.env.FUNCTION_TARGET](req, res);
    });
    console.log(JSON.stringify({ seen, answer }));`;
  await writeFile(path.join(where, 'package.json'), '{ "type": "module" }');
  await symlink(path.join(root, 'node_modules'), path.join(where, 'node_modules')).catch(() => undefined);
  const entry = pathToFileURL(path.join(where, 'index.js')).href;
  const env = { PATH: process.env['PATH'], FUNCTION_TARGET: target, APP_URL: 'http://127.0.0.1:5000' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', hooks, entry], { env });
  const { seen, answer } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { seen: string[]; answer: unknown[] };
  expect(answer).toEqual([200, expect.stringContaining('"result"')]);
  return seen;
}

describe('what is deployed of the public functions', () => {
  it('is what the snapshot says: no setting changes in silence', async () => {
    const all = `${JSON.stringify(Object.fromEntries(deployed), null, 2)}\n`;
    await expect(all).toMatchFileSnapshot('deployed-public.snap');
  });

  it('runs in the region of the others, bounded in instances, memory and time', () => {
    for (const each of deployed.values()) {
      expect(each).toMatchObject({ region: [region], trigger: 'https' });
      expect(each.maxInstances).toBeLessThanOrEqual(8);
      expect(each.availableMemoryMb).toBeLessThanOrEqual(256);
      expect(each.timeoutSeconds).toBeLessThanOrEqual(60);
    }
  });

  it('sees no secret but the key that signs quotes, and only where quotes are signed', () => {
    for (const { name, secrets } of deployed.values()) expect([name, secrets]).toEqual([name, ['QUOTE_KEYS']]);
  });

  it('runs as an account of its own where the settings name one', async () => {
    const script = `import * as all from './functions/src/public.ts';
      console.log(JSON.stringify(Object.values(all).map((each) => each.__endpoint.serviceAccountEmail ?? null)));`;
    const env = { ...process.env, PUBLIC_SERVICE_ACCOUNT: 'dotm-public@demo-dotm.iam.gserviceaccount.com' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(JSON.parse(stdout)).toEqual([...deployed].map(() => env.PUBLIC_SERVICE_ACCOUNT));
  });
});

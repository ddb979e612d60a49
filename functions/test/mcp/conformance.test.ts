import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPublicFunction, type RunningFunction } from '../support/public-functions.ts';
import baseline from './conformance-baseline.json' with { type: 'json' };

// The official conformance suite against the function as it is deployed. It was written for the SDKs' own example server, so most of its
// scenarios call tools and resources that only that server has. The baseline names each check that fails for such a reason, and which;
// a check that begins to fail is not in it, and one that begins to pass has to be taken out of it.

const root = path.resolve(import.meta.dirname, '../../..');
const suites = {
  stable: path.join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js'),
  next: path.join(root, 'node_modules/mcp-conformance-next/dist/index.js'),
} as const;

const runs = [
  { revision: '2025-06-18', suite: 'stable', chosen: ['--suite', 'all', '--spec-version', '2025-06-18'] },
  { revision: '2025-11-25', suite: 'next', chosen: ['--requirements', '2025-11-25'] },
  { revision: '2026-07-28', suite: 'next', chosen: ['--requirements', '2026-07-28'] },
] as const;

/** Scenarios that every server must pass, whatever it offers. */
const required: Record<(typeof runs)[number]['revision'], readonly string[]> = {
  '2025-06-18': ['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'completion-complete'],
  '2025-11-25': [
    ...['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'completion-complete'],
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    ...['tools-list', 'resources-list', 'prompts-list', 'completion-complete', 'dns-rebinding-protection', 'caching'],
    ...['sep-2164-resource-not-found', 'http-header-validation', 'input-required-result-unsupported-methods'],
  ],
};

let server: RunningFunction;
beforeAll(async () => {
  server = await startPublicFunction('mcp');
});
afterAll(async () => {
  await server.stop();
});

interface Check {
  id: string;
  status: string;
}

/** Runs the suite. Returns the checks of each scenario. */
async function conformance(suite: keyof typeof suites, chosen: readonly string[]): Promise<Map<string, Check[]>> {
  const out = await mkdtemp(path.join(root, '.dotm-test/conformance-'));
  try {
    const args = [suites[suite], 'server', '--url', server.url, ...chosen, '--output-dir', out];
    // It ends with 1 when anything failed: what failed is read from its files.
    await new Promise<void>((resolve) =>
      execFile(process.execPath, args, { maxBuffer: 64 * 2 ** 20 }, () => resolve()),
    );
    const found = new Map<string, Check[]>();
    for (const folder of await readdir(out)) {
      const name = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(folder)?.[1];
      if (name === undefined) continue;
      found.set(name, JSON.parse(await readFile(path.join(out, folder, 'checks.json'), 'utf8')) as Check[]);
    }
    return found;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function failures(checks: readonly Check[]): string[] {
  return [
    ...new Set(checks.filter(({ status }) => ['FAILURE', 'WARNING'].includes(status)).map(({ id }) => id)),
  ].sort();
}

describe.each(runs)('revision $revision of the protocol', ({ revision, suite, chosen }) => {
  let scenarios: Map<string, Check[]>;
  beforeAll(async () => {
    scenarios = await conformance(suite, chosen);
  });

  it('fails no check of the official suite but those that the baseline names with a reason', () => {
    const failed = Object.fromEntries(
      [...scenarios]
        .map(([name, checks]) => [name, failures(checks)] as const)
        .filter(([, ids]) => ids.length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    expect(failed).toEqual(baseline.expected[revision]);
    for (const name of Object.keys(failed)) expect(baseline.reasons, name).toHaveProperty(name);
  });

  it('passes what every server must', () => {
    for (const name of required[revision]) {
      expect(failures(scenarios.get(name) ?? [{ id: 'did not run', status: 'FAILURE' }]), name).toEqual([]);
    }
  });
});

it('the baseline gives no reason for a scenario that passes', () => {
  const failing = new Set(Object.values(baseline.expected).flatMap((scenarios) => Object.keys(scenarios)));
  expect(Object.keys(baseline.reasons).filter((name) => !failing.has(name))).toEqual([]);
});

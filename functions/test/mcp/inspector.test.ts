import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tools } from '../../src/public/mcp/tools/index.ts';
import { startPublicFunction, type RunningFunction } from '../support/public-functions.ts';

// The official Inspector's command line: a client that we have not written, in both eras of the protocol.

const inspector = path.resolve(
  import.meta.dirname,
  '../../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

let server: RunningFunction;
let home: string;
beforeAll(async () => {
  [server, home] = await Promise.all([startPublicFunction('mcp'), mkdtemp(path.join(tmpdir(), 'dotm-inspector-'))]);
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

/** Runs the Inspector once. Throws with what it said when it ends with an error. */
async function inspect(era: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const all = [inspector, '--cli', '--server-url', `${server.url}mcp`, '--transport', 'http', '--protocol-era', era];
  const stdout = await new Promise<string>((resolve, reject) => {
    // A home of its own: it keeps files there, and must not read those of the person who runs the tests.
    const env = { PATH: process.env['PATH'], HOME: home };
    execFile(process.execPath, [...all, '--format', 'json', '--quiet', ...args], { env }, (error, out, err) => {
      if (error) reject(new Error(`${error.message}\n${out}\n${err}`));
      else resolve(out);
    });
  });
  const printed = JSON.parse(stdout) as { result?: Record<string, unknown> };
  return printed.result ?? printed;
}

describe.each(['legacy', 'modern'])('the Inspector in the %s era', (era) => {
  it('lists every tool, and finds no fault with a schema that a client could not read', async () => {
    const listed = (await inspect(era, ['--method', 'tools/list', '--strict'])) as { tools: { name: string }[] };
    expect(listed.tools.map(({ name }) => name)).toEqual(tools.map(({ listed: { name } }) => name));
  });

  it.each(tools.map((tool) => [tool.listed.name, tool.example]))('calls %s', async (name, example) => {
    const args = ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(example)];
    const result = await inspect(era, args);
    expect(result['isError'] ?? false, JSON.stringify(result)).toBe(false);
    expect(result).toHaveProperty('structuredContent.summary');
  });

  it('lists and reads resources, templates and prompts', async () => {
    expect(await inspect(era, ['--method', 'resources/list'])).toHaveProperty('resources.0.uri', 'dotm://catalog');
    expect(await inspect(era, ['--method', 'resources/templates/list'])).toHaveProperty('resourceTemplates.1');
    expect(await inspect(era, ['--method', 'resources/read', '--uri', 'dotm://coverage/AT'])).toHaveProperty(
      'contents.0',
    );
    expect(await inspect(era, ['--method', 'prompts/list'])).toHaveProperty('prompts.2');
    const asked = ['--prompt-name', 'recommend_plan', '--prompt-args', 'destination=Vienna'];
    expect(await inspect(era, ['--method', 'prompts/get', ...asked])).toHaveProperty('messages.0');
  });
});

it.each(['compare_plans', 'get_quote'])('the Inspector finds the card of %s, which needs no origin', async (name) => {
  const app = await inspect('modern', [
    '--method',
    'tools/call',
    '--tool-name',
    name,
    '--app-info',
    '--advertise-apps',
  ]);
  expect(JSON.stringify(app)).toContain('ui://dotm/card.html');
});

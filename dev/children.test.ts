import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Children, isAlive } from './children.ts';

let stateDir: string;

beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'dotm-children-'));
});

afterEach(async () => {
  await rm(stateDir, { recursive: true, force: true });
});

/** A program that prints the pid of a program of its own and, told to end, does not. */
const STUBBORN = `
  const { spawn } = require('node:child_process');
  const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  process.on('SIGINT', () => undefined);
  console.log('worker ' + worker.pid);
  setInterval(() => {}, 1000);`;

async function untilPrinted(output: () => string, pattern: RegExp): Promise<string> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = pattern.exec(output())?.[1];
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`was never printed: ${pattern.source}`);
    await wait(20);
  }
}

function startStubborn(children: Children) {
  return children.start({ name: 'stubborn', command: process.execPath, args: ['-e', STUBBORN], cwd: stateDir });
}

it('a program that does not want to end is ended, and what it started too', async () => {
  const child = startStubborn(new Children(stateDir));
  const worker = Number(await untilPrinted(child.output, /worker (\d+)/));
  await child.stop(100);
  expect(isAlive(child.pid)).toBe(false);
  // It was killed with its group: the system takes a moment to carry that out, and nobody waits for a grandchild.
  await expect.poll(() => isAlive(worker), { timeout: 5_000 }).toBe(false);
});

it('what a killed run left behind is ended by the next start', async () => {
  const killed = new Children(stateDir);
  const child = startStubborn(killed);
  await untilPrinted(child.output, /worker (\d+)/);
  const gone = 2 ** 30;
  await writeFile(
    path.join(stateDir, 'running.json'),
    JSON.stringify({ owner: gone, children: { stubborn: child.pid } }),
  );
  await new Children(stateDir).endLeftovers();
  expect(isAlive(child.pid)).toBe(false);
}, 30_000);

it('a second world on the same state is refused while the first one runs', async () => {
  await writeFile(path.join(stateDir, 'running.json'), JSON.stringify({ owner: process.ppid, children: {} }));
  await expect(new Children(stateDir).endLeftovers()).rejects.toThrow(/running already/);
});

it('a crash names the program, the telling line of its output, and its log', async () => {
  const child = new Children(stateDir).start({
    name: 'part',
    command: process.execPath,
    args: ['-e', "console.log('fine'); throw new Error('port 1 is taken')"],
    cwd: stateDir,
  });
  expect(await child.exit).toBe(1);
  expect(child.ended()).toMatch(/part ended \(code 1\).*port 1 is taken.*part\.log/);
});

/** Runs a benchmark of bench/ and prints its ratios: `npm run bench -- ledger`. Without a name it lists them. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

const files = new Map(
  readdirSync(path.join(ROOT, 'bench'))
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => [path.parse(file).name, path.join(ROOT, 'bench', file)]),
);

const [name = '', ...rest] = process.argv.slice(2);
const file = files.get(name);
if (file === undefined) {
  console.log(`usage: npm run bench -- <name>\nbenchmarks: ${[...files.keys()].join(', ')}`);
  process.exit(name === '' ? 0 : 1);
}
const child = spawn(process.execPath, [file, ...rest], { cwd: ROOT, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));

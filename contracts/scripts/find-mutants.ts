/**
 * Puts each fault of mutants.ts into a copy of the contracts and runs the tests on it. A fault that no test catches is a hole in the
 * tests. Prints a table; ends with 1 when something got through. It takes minutes, and is therefore no part of `npm test`.
 *
 *   npm run mutants -w contracts                all of them; the second kind of tests only looks at what the first let through
 *   npm run mutants -w contracts -- --both      both kinds look at all of them
 *   npm run mutants -w contracts -- limit       those whose fault contains a word
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { MUTANTS } from './mutants.ts';
import type { Mutant } from './mutants.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Inside of the repository, so that packages are found; in a folder that Git does not see. */
const COPY = path.join(ROOT, 'cache/mutant');
const COPIED = [
  'bindings',
  'contracts',
  'deploy',
  'ignition/modules',
  'scripts',
  'test',
  'gas-snapshot.json',
  'hardhat.config.ts',
  'package.json',
  'tsconfig.json',
];
const HARDHAT = path.join(
  path.dirname(createRequire(import.meta.url).resolve('hardhat/package.json')),
  'dist/src/cli.js',
);

function hardhat(...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [HARDHAT, ...args], {
    cwd: COPY,
    encoding: 'utf8',
    env: { ...process.env, DOTM_CODE: 'altered', FORCE_COLOR: '0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

function freshCopy(): void {
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY, { recursive: true });
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(COPY, name), { recursive: true });
}

/** Puts the fault in. Throws when its place is gone: a mutant that changes nothing would count as one that got through. */
function alter({ file, from, to, fault }: Mutant): void {
  const name = path.join(COPY, 'contracts', file);
  const text = readFileSync(path.join(ROOT, 'contracts', file), 'utf8');
  if (!text.includes(from)) throw new Error(`"${fault}": ${file} no longer contains ${JSON.stringify(from)}`);
  writeFileSync(name, text.replaceAll(from, to));
}

type Verdict = 'caught' | '-' | '';

/** Runs one kind of tests on the copy. `''` says that they were not asked. */
function ask(kind: 'mocha' | 'solidity'): Verdict {
  const bail = kind === 'mocha' ? ['--bail'] : [];
  return hardhat('test', kind, '--no-compile', ...bail).ok ? '-' : 'caught';
}

/** Compiles what stands in the copy and runs the tests. Throws when it does not compile: that would prove nothing. */
function examine(both: boolean): { unit: Verdict; fuzz: Verdict } {
  const built = hardhat('build');
  if (!built.ok) throw new Error(`it does not compile:\n${built.output}`);
  const unit = ask('mocha');
  return { unit, fuzz: unit === 'caught' && !both ? '' : ask('solidity') };
}

const words = process.argv.slice(2).filter((word) => word !== '--both');
const both = process.argv.includes('--both');
const chosen = MUTANTS.filter((mutant) => words.every((word) => mutant.fault.includes(word)));
freshCopy();
const untouched = examine(true);
if (untouched.unit !== '-' || untouched.fuzz !== '-') {
  throw new Error('the tests fail on the contracts as they are: nothing can be told');
}
const width = Math.max(...chosen.map((mutant) => mutant.fault.length));
const row = (fault: string, ...cells: string[]): void => {
  process.stdout.write(`| ${fault.padEnd(width)} | ${cells.map((cell) => cell.padEnd(6)).join(' | ')} |\n`);
};
row('fault', 'unit', 'fuzz');
row('-'.repeat(width), '------', '------');
let through = 0;
for (const mutant of chosen) {
  alter(mutant);
  const { unit, fuzz } = examine(both);
  if (unit !== 'caught' && fuzz !== 'caught') through += 1;
  row(mutant.fault, unit, fuzz);
  cpSync(path.join(ROOT, 'contracts'), path.join(COPY, 'contracts'), { recursive: true });
}
rmSync(COPY, { recursive: true, force: true });
process.stdout.write(`\n${String(chosen.length - through)} of ${String(chosen.length)} faults caught\n`);
process.exitCode = through === 0 ? 0 : 1;

/**
 * Writes `bindings/` from what the compiler has left in `cache/typechain`: ABI, creation code and types of each contract.
 *
 *   node scripts/write-bindings.ts            writes them (after `npx hardhat build`)
 *   node scripts/write-bindings.ts --check    writes nothing, and fails when they are not those of the contracts
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const SOURCE = path.join(ROOT, 'cache/typechain');
const TARGET = path.join(ROOT, 'bindings');

/** Types for Hardhat's own helpers: they would reach into every program that imports the bindings. */
const LEFT_OUT = 'hardhat.d.ts';

/** Returns each file of `folder` by its path in it; an absent folder holds none. */
function filesOf(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(
    names.sort().map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(folder, name), 'utf8')]),
  );
}

/** Makes TypeChain's text run without a build: Node strips types, but neither looks for `.js` files that are `.ts` nor runs namespaces. */
function adapt(text: string): string {
  return text
    .replace(/(from\s+["']\.{1,2}\/[^"']+)\.js(["'])/g, '$1.ts$2')
    .replace(/^(\s*)export namespace /gm, '$1export declare namespace ')
    .replace(/(export interface OutputObject \{.*\});/g, '$1')
    .replace(/[ \t]+$/gm, '');
}

function wantedFiles(): Map<string, string> {
  const made = [...filesOf(SOURCE)].filter(([name]) => name !== LEFT_OUT);
  if (made.length === 0) throw new Error(`${SOURCE} is empty: run \`npx hardhat build\` in contracts/ first`);
  return new Map(made.map(([name, text]) => [name, adapt(text)]));
}

const wanted = wantedFiles();
if (process.argv.includes('--check')) {
  const present = filesOf(TARGET);
  const names = new Set([...wanted.keys(), ...present.keys()]);
  const different = [...names].filter((name) => wanted.get(name) !== present.get(name));
  if (different.length > 0) {
    process.stderr.write(`contracts/bindings is not that of the contracts (${different.join(', ')}).\n`);
    process.stderr.write('Run `npm run bindings -w contracts` and commit what it changed.\n');
    process.exitCode = 1;
  } else process.stdout.write(`bindings: ${String(wanted.size)} files, as the contracts are\n`);
} else {
  rmSync(TARGET, { recursive: true, force: true });
  for (const [name, text] of wanted) {
    const file = path.join(TARGET, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  process.stdout.write(`bindings: ${String(wanted.size)} files written\n`);
}

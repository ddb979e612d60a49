/**
 * Everything that `npm test` asks of the contracts, one after the other: they compile, both kinds of tests pass (gas included), and the
 * committed bindings are theirs. Ends with 1 at the first that fails.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const HARDHAT = path.join(
  path.dirname(createRequire(import.meta.url).resolve('hardhat/package.json')),
  'dist/src/cli.js',
);

/** On a terminal Hardhat would otherwise stop to ask whether it may count its users. */
const ENV = { ...process.env, HARDHAT_DISABLE_TELEMETRY: 'true' };

const STEPS: readonly (readonly string[])[] = [
  [HARDHAT, 'build'],
  ['scripts/write-bindings.ts', '--check'],
  [HARDHAT, 'test', 'mocha', '--no-compile'],
  [HARDHAT, 'test', 'solidity', '--no-compile'],
];

for (const step of STEPS) {
  const { status } = spawnSync(process.execPath, step, { cwd: ROOT, stdio: 'inherit', env: ENV });
  if (status !== 0) process.exit(1);
}

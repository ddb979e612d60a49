/**
 * Everything that `npm test` asks of the contracts, one after the other: they compile, both kinds of tests pass (gas included), and the
 * committed bindings are theirs, and the tests reach every line. Ends with 1 at the first that fails.
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

interface Step {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const STEPS: readonly Step[] = [
  { args: [HARDHAT, 'build'] },
  { args: ['scripts/write-bindings.ts', '--check'] },
  { args: [HARDHAT, 'test', 'mocha', '--no-compile'] },
  { args: [HARDHAT, 'test', 'solidity', '--no-compile'] },
  // Once more, on code that counts its lines: gas and sizes are not checked on it.
  { args: [HARDHAT, 'test', '--coverage'], env: { DOTM_CODE: 'altered' } },
  { args: ['scripts/check-coverage.ts'] },
];

for (const { args, env } of STEPS) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: { ...ENV, ...env } });
  if (status !== 0) process.exit(1);
}

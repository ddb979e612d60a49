/**
 * Runs a campaign of functions/test/proof whole, and prints its report: `npm run prove -- crashes`. `npm test` runs the short version of
 * each. Without a name it lists them.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

const campaigns = readdirSync(path.join(ROOT, 'functions/test/proof'))
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => path.basename(file, '.test.ts'));

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !campaigns.includes(name)) {
  console.log(`usage: npm run prove -- <campaign>\ncampaigns: ${campaigns.join(', ')}`);
  process.exit(name === undefined ? 0 : 1);
}
const child = spawn(
  process.execPath,
  [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    // The name stands first: after a switch without a value it would be taken for that value, and every campaign would run.
    ...['run', `proof/${name}.test.ts`, '--project', 'proof', '--silent=false', '--disable-console-intercept', ...rest],
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PROOF: 'full' } },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { runCli } from './src/run-cli.ts';

// Run as `node verifier/cli.ts proof.json`, with Node 24 and this repository's packages; see docs/proof.md.
process.exitCode = await runCli(process.argv.slice(2), {
  read: (file) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
  print: (line) => process.stdout.write(`${line}\n`),
});

/** Reads everything that was logged while the tests ran, and fails where a secret or somebody's data is in it. The last of `npm test`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scanLog, TEST_LOG_DIR, WORLD_LOG_DIR } from './log-scanner.ts';

const files = [TEST_LOG_DIR, WORLD_LOG_DIR]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
  .filter((file) => file.endsWith('.log'));

let lines = 0;
let leaks = 0;
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  lines += text.split('\n').length;
  const found = scanLog(text);
  leaks += found.length;
  // Enough to find the cause; a leak in a loop would fill the screen.
  for (const { kind, line } of found.slice(0, 10)) console.error(`${path.basename(file)}: ${kind}: ${line}`);
}
console.log(`${String(lines)} lines of ${String(files.length)} logs read, ${String(leaks)} leaks`);
if (files.length === 0) console.error('there is no log to read: run the integration, proof or browser tests first');
process.exitCode = leaks > 0 || files.length === 0 ? 1 : 0;

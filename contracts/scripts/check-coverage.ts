/**
 * Ends with 1 when the tests reach a line of the contracts less than they should. Reads what `hardhat test --coverage` wrote: run it as
 * `npm run coverage`, which does both.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const REPORT = path.resolve(import.meta.dirname, '../coverage/lcov.info');

/** Lines that nothing can reach, by the words that stand there. */
const UNREACHABLE: Readonly<Record<string, readonly string[]>> = {
  // A chain that gives the second contract another address than Ethereum does: none is known.
  'contracts/DotmLaunch.sol': ['revert DistributorElsewhere('],
};
const CONTRACTS = ['contracts/DotmToken.sol', 'contracts/RewardDistributor.sol', 'contracts/DotmLaunch.sol'];

/** Lines by file that no test has reached. LCOV: `SF` names the file, `DA` a line and how often it ran. */
function readMissed(report: string): Map<string, number[]> {
  const missed = new Map<string, number[]>();
  let lines: number[] = [];
  for (const row of report.split('\n')) {
    const [, file] = /^SF:(.+)$/.exec(row) ?? [];
    if (file !== undefined) missed.set(file, (lines = []));
    const [, line] = /^DA:(\d+),0$/.exec(row) ?? [];
    if (line !== undefined) lines.push(Number(line));
  }
  return missed;
}

const missed = readMissed(readFileSync(REPORT, 'utf8'));
const problems = CONTRACTS.flatMap((file) => {
  const lines = missed.get(file);
  if (!lines) return [`${file} is not in the report`];
  const source = readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8').split('\n');
  const isReachable = (line: number) => !UNREACHABLE[file]?.some((words) => source[line - 1]?.includes(words));
  return lines.filter(isReachable).map((line) => `${file}:${String(line)} is reached by no test`);
});
console.log(problems.length === 0 ? 'coverage: every line that can be reached' : problems.join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;

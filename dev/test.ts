/** Checks everything: what `npm test` does after the bootstrap. `npm test -- integration orders` runs a part of it. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { allChecks, chooseChecks, countVitest, secondTries, summaryLine } from './checks.ts';
import type { Check, Outcome } from './checks.ts';
import { TEST_LOG_DIR } from './log-scanner.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const REPORT_DIR = path.join(ROOT, '.dotm-test/reports');

/** As many checks at once as the machine has cores in CI. More only makes each of them slower. */
const PARALLEL = 2;

/** Lint and types of a web app need more than Node's default on small machines. */
const NODE_OPTIONS = '--max-old-space-size=4096';

interface Finished {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly seconds: string;
  readonly output: string;
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted.abort();
  });
}

async function run(check: Check, filters: readonly string[]): Promise<Finished> {
  if (check.missing !== undefined) return notRun(check, check.missing);
  const startedAt = Date.now();
  const report = path.join(REPORT_DIR, `${check.group}.json`);
  const extra = check.vitestProject
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters]
    : [];
  rmSync(check.vitestProject ? report : path.join(REPORT_DIR, 'none'), { force: true });
  const { code, output } = await runNode([...check.args, ...extra]);
  const single = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const outcome = check.vitestProject ? countVitest(readReport(report), code) : single;
  return { check, outcome, output, seconds: ((Date.now() - startedAt) / 1000).toFixed(1) };
}

/** Says loudly what this machine cannot run; its tests are counted as skipped, never as passed. */
async function notRun(check: Check, reason: string): Promise<Finished> {
  const output = `NOT RUN: ${check.name}: ${reason}`;
  const skipped = check.vitestProject ? await countTests(check.vitestProject) : 1;
  return { check, outcome: { passed: 0, failed: 0, skipped }, seconds: '0.0', output };
}

/** Counts the tests of a project without running one. At least 1, so that what was left out is always seen. */
async function countTests(project: string): Promise<number> {
  const { output } = await runNode(['node_modules/vitest/vitest.mjs', 'list', '--project', project, '--json']);
  try {
    return Math.max(1, (JSON.parse(output.slice(output.indexOf('['))) as unknown[]).length);
  } catch {
    return 1;
  }
}

function runNode(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS, FORCE_COLOR: '0', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const interrupt = (): void => void child.kill('SIGINT');
    interrupted.signal.addEventListener('abort', interrupt, { once: true });
    child.once('error', (error) => {
      resolve({ code: -1, output: error.message });
    });
    child.once('close', (code) => {
      interrupted.signal.removeEventListener('abort', interrupt);
      resolve({ code: code ?? -1, output });
    });
  });
}

function readReport(file: string): Parameters<typeof countVitest>[0] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof countVitest>[0];
  } catch {
    return undefined;
  }
}

function show({ check, outcome, seconds, output }: Finished): void {
  const sign = outcome.failed > 0 ? 'FAIL' : outcome.passed > 0 ? ' ok ' : 'SKIP';
  process.stdout.write(`${sign}  ${check.name}: ${summaryLine(outcome)} (${seconds} s)\n`);
  // Counted as passed, and told all the same: more often than not the first attempt has found something.
  for (const name of secondTries(output)) process.stdout.write(`      not at the first attempt: ${name}\n`);
  const isTelling = outcome.failed > 0 || check.missing !== undefined;
  if (isTelling) process.stdout.write(`${output.trim().replace(/^/gm, '      ')}\n`);
}

/** Runs the checks two at a time; those that want the machine for themselves come last, one by one, and then those that look at what the others left. */
async function runAll(checks: readonly Check[], filters: readonly string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const work = async (queue: Check[]): Promise<void> => {
    for (let check = queue.shift(); check && !interrupted.signal.aborted; check = queue.shift()) {
      const finished = await run(check, filters);
      show(finished);
      outcomes.push(finished.outcome);
    }
  };
  const shared = checks.filter((check) => !check.alone && !check.last);
  await Promise.all(Array.from({ length: PARALLEL }, () => work(shared)));
  await work(checks.filter((check) => check.alone));
  await work(checks.filter((check) => check.last));
  return outcomes;
}

mkdirSync(REPORT_DIR, { recursive: true });
const { checks, filters } = chooseChecks(allChecks(), process.argv.slice(2));
// What is logged from here on is read at the end; logs of an earlier run would be blamed on this one.
if (checks.some((check) => check.vitestProject === 'integration' || check.vitestProject === 'proof')) {
  rmSync(TEST_LOG_DIR, { recursive: true, force: true });
}
const outcomes = await runAll(checks, filters);
const total = outcomes.reduce(
  (sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
  }),
  { passed: 0, failed: 0, skipped: 0 },
);
if (interrupted.signal.aborted) process.stdout.write('\nInterrupted: what follows is incomplete.\n');
process.stdout.write(`\n${summaryLine(total)}\n`);
process.exitCode = total.failed > 0 || interrupted.signal.aborted ? 1 : 0;

import path from 'node:path';
import { browserMissing } from './browser/browser.ts';
import { findFirestoreEmulator } from './firestore.ts';

/** One thing that `npm test` checks. */
export interface Check {
  /** What a person types to run only this: `npm test -- unit`. */
  readonly group: string;
  readonly name: string;
  /** Arguments for Node, run in the repository's root. */
  readonly args: readonly string[];
  /** A run of vitest counts its tests; every other check counts as one. */
  readonly vitestProject?: string;
  /** Why it cannot run on this machine. */
  readonly missing?: string | undefined;
  /** Takes the machine for itself: a browser beside another load fails on time-outs. */
  readonly alone?: boolean;
  /** Looks at what all others have left, and runs after them. */
  readonly last?: boolean;
}

/** What came out of one check. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What has types of its own: the workspaces, and the benchmarks. */
const TYPED = ['functions', 'hosting', 'verifier', 'sandbox', 'contracts', 'dev', 'bench'] as const;

/** Returns every check, the quick ones first, so that a plain mistake shows early. */
export function allChecks(): Check[] {
  const bin = (name: string): string => path.join('node_modules', name);
  const firestore = findFirestoreEmulator();
  return [
    ...TYPED.map((workspace) => ({
      group: 'types',
      name: `types of ${workspace}`,
      args: [bin('typescript/bin/tsc'), '-p', workspace],
    })),
    {
      group: 'imports',
      name: 'import directions',
      args: [
        bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
        ...['functions/src', 'hosting/src', 'verifier', 'sandbox/src', 'dev', '--config', '.dependency-cruiser.cjs'],
      ],
    },
    {
      group: 'format',
      name: 'formatting',
      args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
    },
    vitest('unit'),
    { group: 'lint', name: 'lint', args: [bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'] },
    { group: 'contracts', name: 'contracts: tests, gas, bindings, coverage', args: ['contracts/scripts/check.ts'] },
    vitest('manifest'),
    vitest('integration'),
    vitest('mcp'),
    vitest('proof'),
    { ...vitest('rules'), missing: firestore.kind === 'none' ? firestore.reason : undefined },
    { ...vitest('browser'), missing: browserMissing(), alone: true },
    { group: 'logs', name: 'nothing secret in any log', args: ['dev/scan-logs.ts'], last: true },
  ];
}

/**
 * Chooses what the arguments of `npm test` ask for. Words that name a group choose it; other words are handed to vitest as
 * filters of file names. No group named means all, or with a filter every vitest project.
 */
export function chooseChecks(
  checks: readonly Check[],
  words: readonly string[],
): { checks: Check[]; filters: string[] } {
  const groups = new Set(checks.map((check) => check.group));
  const wanted = words.filter((word) => groups.has(word));
  const filters = words.filter((word) => !groups.has(word));
  const chosen = checks.filter((check) => {
    if (wanted.length > 0) return wanted.includes(check.group);
    return filters.length === 0 || check.vitestProject !== undefined;
  });
  return { checks: chosen, filters };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { status: string; assertionResults: readonly unknown[] }[];
}

/**
 * Counts what vitest reported. A file that could not be loaded counts as one failure; so does a run that failed without a
 * failed test (an unhandled rejection, a broken setup).
 */
export function countVitest(report: VitestReport | undefined, exitCode: number): Outcome {
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

/** Names the tests that vitest's output says passed at a later attempt only. */
export function secondTries(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /\(retry x\d+\)/.test(line))
    .map((line) => line.replace(/^[\s✓√]+/, '').trim());
}

/** Returns the last line of `npm test`, which tools read. */
export function summaryLine({ passed, failed, skipped }: Outcome): string {
  const counts = `${String(passed)} passed, ${String(failed)} failed`;
  return skipped > 0 ? `${counts}, ${String(skipped)} skipped` : counts;
}

function vitest(project: string): Check {
  return {
    group: project,
    name: `${project} tests`,
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests'],
    vitestProject: project,
  };
}

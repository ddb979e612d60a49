import { describe, expect, it } from 'vitest';
import { allChecks, chooseChecks, countVitest, secondTries, summaryLine } from './checks.ts';

describe('npm test', () => {
  it('runs everything when nothing is named', () => {
    const all = allChecks();
    expect(chooseChecks(all, []).checks).toEqual(all);
  });

  it('runs only the named group and hands the other words to vitest', () => {
    const { checks, filters } = chooseChecks(allChecks(), ['integration', 'orders']);
    expect(checks.map((check) => check.group)).toEqual(['integration']);
    expect(filters).toEqual(['orders']);
  });

  it('counts a test file that cannot be loaded as a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [{ status: 'failed', assertionResults: [] }],
    };
    expect(countVitest(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a run that breaks before its first test as a failure', () => {
    expect(countVitest(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('names what passed at a later attempt only', () => {
    const output = ['   ✓ buys a plan 2100ms', '   ✓ signs out (phone, en) 9000ms (retry x1)', ' Tests  2 passed'].join(
      '\n',
    );
    expect(secondTries(output)).toEqual(['signs out (phone, en) 9000ms (retry x1)']);
  });

  it('ends with a line that tools can read', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(summaryLine({ passed: 12, failed: 1, skipped: 4 })).toBe('12 passed, 1 failed, 4 skipped');
  });
});

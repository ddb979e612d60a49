import { expect } from 'vitest';
import { reconcile } from '../../../src/features/reconciliation/reconcile.ts';
import type { DifferenceKind } from '../../../src/features/reconciliation/check.ts';
import { readDifferences, type Difference } from '../../../src/store/reconciliation-runs.ts';
import type { TestServices } from '../../support/services.ts';

const dayMs = 86_400_000;

/** Everything that the tests of a file do lies in it. */
export function recentSpan(services: TestServices): { from: Date; to: Date } {
  const now = services.clock.now();
  return { from: new Date(now.getTime() - 2 * dayMs), to: now };
}

/** Reconciles the last two days and gives what was found. */
export async function differencesNow(services: TestServices): Promise<Difference[]> {
  const { runId } = await reconcile(services, recentSpan(services));
  return readDifferences(services.db, runId, 10_000);
}

/** Lets what happened get old enough to count, then reconciles. */
export async function differences(services: TestServices): Promise<Difference[]> {
  await services.advance(11 * 60);
  return differencesNow(services);
}

/** Expects one difference of this kind about `subject`, and gives it. */
export function oneOf(found: readonly Difference[], kind: DifferenceKind, subject: string): Difference {
  const matching = found.filter((difference) => difference.kind === kind && difference.subject === subject);
  expect(
    matching,
    `${kind} of ${subject} in ${JSON.stringify(found.map((each) => [each.kind, each.subject]))}`,
  ).toHaveLength(1);
  return matching[0]!;
}

/** Reads one column of one row. */
export async function value<T>(services: TestServices, sql: string, values: unknown[]): Promise<T> {
  const { rows } = await services.db.query<{ value: T }>(sql, values);
  expect(rows).toHaveLength(1);
  return rows[0]!.value;
}

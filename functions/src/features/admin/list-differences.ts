import type { Handler } from '../../platform/operations.ts';
import { toMoney, type Money, type Unit } from '../../shared/money.ts';
import { findLastRun, readDifferences } from '../../store/reconciliation-runs.ts';

/** What a person can work through; the rest comes to light in the next run. */
const limit = 500;

/** What the last reconciliation that came to its end found. `ranAt` is null before the first. */
export const listDifferences: Handler<'listDifferences'> = async ({ services }) => {
  const { db } = services;
  const run = await findLastRun(db);
  if (!run) return { ranAt: null, differences: [] };
  const differences = await readDifferences(db, run.id, limit);
  return {
    ranAt: run.ranAt.toISOString(),
    differences: differences.map(({ unit, expected, found, ...rest }) => ({
      ...rest,
      expected: money(unit, expected),
      found: money(unit, found),
    })),
  };
};

function money(unit: Unit | null, amount: bigint | null): Money | null {
  return unit === null || amount === null ? null : toMoney(unit, amount);
}

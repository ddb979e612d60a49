import type { RewardStatement } from '../../../../functions/src/shared/proofs/statement.ts';

/** What can still be made, in wei: what of the statement is still owed, and what is promised to nobody. */
export interface CapParts {
  readonly owed: bigint;
  readonly left: bigint;
}

/**
 * Divides what the cap leaves beside the supply. What was made after the statement was owed in it and is not any more: counted in both, it
 * would be missing from what is left. Without a statement nothing is known to be owed.
 */
export function divideCap(
  supply: bigint,
  cap: bigint,
  statement: Pick<RewardStatement, 'supply' | 'totals'> | null,
): CapParts {
  const stated = BigInt(statement?.totals.owed ?? 0);
  const madeSince = larger(supply - BigInt(statement?.supply ?? supply), 0n);
  const owed = larger(stated - madeSince, 0n);
  return { owed, left: cap - supply - owed };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

import { toHex } from './bytes.ts';
import { leafOf, type MemberBalance, type OwedParts } from './leaf.ts';
import type { InclusionProof } from './statement.ts';
import { inOrder, rootOf, type SumNode } from './sum-tree.ts';

/** A member's balance with its leaf. */
export interface Leaf extends MemberBalance, SumNode {}

/** All balances of a day as a tree. */
export interface BalanceTree {
  /** In the order of the tree. */
  readonly leaves: readonly Leaf[];
  readonly root: SumNode;
  readonly totals: OwedParts;
}

/**
 * Puts balances into a tree. Members to whom nothing is owed are left out: their leaves would say no more than how many members there are.
 * Throws RangeError or PathError when a balance is below zero or a sum reaches 2^128.
 */
export function makeTree(balances: readonly MemberBalance[]): BalanceTree {
  const owed = balances.map((balance) => ({ ...balance, ...leafOf(balance) })).filter(({ sum }) => sum > 0n);
  const leaves = inOrder(owed);
  const total = (part: keyof OwedParts) => leaves.reduce((sum, leaf) => sum + leaf[part], 0n);
  return {
    leaves,
    root: rootOf(leaves),
    totals: { pending: total('pending'), vested: total('vested'), reserved: total('reserved') },
  };
}

/** Writes the proof of the leaf at `index`, with its neighbours on the way up. */
export function toProof(leaf: MemberBalance, index: number, siblings: readonly SumNode[]): InclusionProof {
  return {
    leaf: {
      member: leaf.memberId,
      salt: toHex(leaf.salt),
      pending: String(leaf.pending),
      vested: String(leaf.vested),
      reserved: String(leaf.reserved),
    },
    index,
    siblings: siblings.map(({ hash, sum }) => ({ hash: toHex(hash), sum: String(sum) })),
  };
}

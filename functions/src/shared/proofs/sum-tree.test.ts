import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keccakOfText, sumLimit, toHex } from './bytes.ts';
import { leafOf } from './leaf.ts';
import {
  climb,
  depthOf,
  emptyNode,
  inOrder,
  levelsAbove,
  PathError,
  rootOf,
  siblingsOf,
  type PathProblem,
  type SumNode,
} from './sum-tree.ts';

/** Leaves that differ, with the sums that are given. */
function leavesOf(sums: readonly bigint[]): SumNode[] {
  return inOrder(sums.map((sum, i) => ({ hash: keccakOfText(`leaf ${i}`), sum })));
}

function problemOf(deed: () => unknown): PathProblem | null {
  try {
    deed();
    return null;
  } catch (error) {
    if (error instanceof PathError) return error.problem;
    throw error;
  }
}

const sums = fc.array(fc.bigInt({ min: 0n, max: 10n ** 25n }), { minLength: 1, maxLength: 70 });

describe('a tree of sums', () => {
  it('leads every leaf to the root, whose sum is the sum of all', () => {
    fc.assert(
      fc.property(sums, (amounts) => {
        const leaves = leavesOf(amounts);
        const root = rootOf(leaves);
        expect(root.sum).toBe(amounts.reduce((total, amount) => total + amount, 0n));
        for (const [index, leaf] of leaves.entries()) {
          const reached = climb(leaf, index, leaves.length, siblingsOf(leaves, index, depthOf(leaves.length)));
          expect(toHex(reached.hash)).toBe(toHex(root.hash));
          expect(reached.sum).toBe(root.sum);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leads to another root when a leaf, an index, a step or the number of leaves is another', () => {
    fc.assert(
      fc.property(sums, fc.nat(), fc.nat(), fc.bigInt({ min: 1n, max: 10n ** 20n }), (amounts, pick, change, more) => {
        const leaves = leavesOf(amounts);
        const index = pick % leaves.length;
        const leaf = leaves[index] ?? emptyNode;
        const siblings = siblingsOf(leaves, index, depthOf(leaves.length));
        const root = toHex(rootOf(leaves).hash);
        const reaches = (...[node, at, size, steps]: Parameters<typeof climb>) => {
          const problem = problemOf(() => climb(node, at, size, steps));
          return problem === null && toHex(climb(node, at, size, steps).hash) === root;
        };
        expect(reaches(leaf, index, leaves.length, siblings)).toBe(true);
        expect(reaches({ ...leaf, hash: keccakOfText('x') }, index, leaves.length, siblings)).toBe(false);
        if (siblings.length === 0) return;
        // The sum of a tree of one leaf is not in its hash: the checks compare it with the total.
        expect(reaches({ ...leaf, sum: leaf.sum + more }, index, leaves.length, siblings)).toBe(false);
        expect(reaches(leaf, index ^ 1, leaves.length, siblings)).toBe(false);
        expect(reaches(leaf, index, leaves.length, siblings.slice(1))).toBe(false);
        const step = change % siblings.length;
        const other = siblings.with(step, { hash: keccakOfText('x'), sum: siblings[step]?.sum ?? 0n });
        expect(reaches(leaf, index, leaves.length, other)).toBe(false);
        const shifted = siblings.with(step, { hash: emptyNode.hash, sum: (siblings[step]?.sum ?? 0n) + more });
        expect(reaches(leaf, index, leaves.length, shifted)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a proof of another depth, outside of the tree, or with something in the place of the empty leaf', () => {
    const leaves = leavesOf([1n, 2n, 3n]);
    const [first = emptyNode, , third = emptyNode] = leaves;
    const ofFirst = siblingsOf(leaves, 0, 2);
    const ofThird = siblingsOf(leaves, 2, 2);
    expect(problemOf(() => climb(first, 0, 3, ofFirst))).toBeNull();
    expect(problemOf(() => climb(first, 0, 3, [...ofFirst, emptyNode]))).toBe('depth');
    expect(problemOf(() => climb(first, 0, 5, ofFirst))).toBe('depth');
    expect(problemOf(() => climb(third, 3, 3, ofThird))).toBe('index');
    expect(problemOf(() => climb(third, -1, 3, ofThird))).toBe('index');
    expect(problemOf(() => climb(third, 0.5, 3, ofThird))).toBe('index');
    expect(problemOf(() => climb(third, 0, 0, []))).toBe('index');
    // A fourth leaf that nobody counts.
    expect(problemOf(() => climb(third, 2, 3, [first, ...ofThird.slice(1)]))).toBe('padding');
    expect(problemOf(() => climb(third, 2, 3, [{ ...emptyNode, sum: 1n }, ...ofThird.slice(1)]))).toBe('padding');
  });

  it('refuses sums that are negative or would wrap around', () => {
    const [leaf = emptyNode] = leavesOf([5n]);
    const beside = (sum: bigint) => [{ hash: leaf.hash, sum }];
    expect(problemOf(() => climb(leaf, 0, 2, beside(-5n)))).toBe('overflow');
    expect(problemOf(() => climb(leaf, 0, 2, beside(sumLimit - 5n)))).toBe('overflow');
    expect(problemOf(() => climb(leaf, 0, 2, beside(sumLimit - 6n)))).toBeNull();
    expect(problemOf(() => climb({ ...leaf, sum: -1n }, 0, 1, []))).toBe('overflow');
    expect(problemOf(() => climb({ ...leaf, sum: sumLimit }, 0, 1, []))).toBe('overflow');
    const balance = { memberId: 'mem_1', salt: new Uint8Array(32), pending: 1n, vested: 0n, reserved: 0n };
    expect(() => leafOf({ ...balance, vested: -1n })).toThrow(RangeError);
    expect(() => leafOf({ ...balance, vested: sumLimit - 1n })).toThrow(RangeError);
    expect(() => leafOf({ ...balance, salt: new Uint8Array(31) })).toThrow(RangeError);
  });

  it('can be read in parts: a run of 256 leaves and the level above them give the same proof', () => {
    const leaves = leavesOf(Array.from({ length: 1_300 }, (_, i) => BigInt(i)));
    const depth = depthOf(leaves.length);
    const top = levelsAbove(leaves, 8);
    for (const index of [0, 255, 256, 1_023, 1_280, 1_299]) {
      const start = index - (index % 256);
      const below = siblingsOf(leaves.slice(start, start + 256), index - start, 8);
      const above = siblingsOf(top, Math.floor(index / 256), depth - 8);
      expect([...below, ...above]).toEqual(siblingsOf(leaves, index, depth));
    }
  });

  it('has the empty leaf for a root when nothing is owed to anybody', () => {
    expect(rootOf([])).toEqual(emptyNode);
    expect(depthOf(0)).toBe(0);
  });
});

import { compareBytes, keccak, sumLimit, writeWord } from './bytes.ts';

/** A place in a tree: what it commits to, and how much is owed below it. */
export interface SumNode {
  readonly hash: Uint8Array;
  readonly sum: bigint;
}

/**
 * Stands where a level has an odd number of nodes. Its first byte sets it apart from a leaf (0x00) and from a node (0x01), so that
 * nothing can be taken for it; it owes nothing.
 */
export const emptyNode: SumNode = { hash: keccak(Uint8Array.of(0x02)), sum: 0n };

/** Most leaves of a tree: indexes stay exact numbers, and a proof never has more than 32 steps. */
export const maxLeaves = 2 ** 32;

/** Why a proof does not lead to a root. */
export type PathProblem = 'depth' | 'index' | 'overflow' | 'padding';

/** A proof that can't be right whatever the root is. */
export class PathError extends Error {
  readonly problem: PathProblem;
  constructor(problem: PathProblem, message: string) {
    super(message);
    this.name = 'PathError';
    this.problem = problem;
  }
}

/**
 * The node above two others: keccak256(0x01 ‖ left hash ‖ left sum ‖ right hash ‖ right sum), sums as 32 bytes. Both sums are hashed each
 * by itself: hashing only their total would let one side be stated lower to whoever stands on the other. Throws PathError when a
 * sum is below zero or the total reaches 2^128.
 */
export function nodeAbove(left: SumNode, right: SumNode): SumNode {
  const sum = left.sum + right.sum;
  if (left.sum < 0n || right.sum < 0n || sum >= sumLimit) {
    throw new PathError('overflow', 'a sum is below zero or reaches 2^128');
  }
  const bytes = new Uint8Array(129);
  bytes[0] = 0x01;
  bytes.set(left.hash, 1);
  writeWord(bytes, 33, left.sum);
  bytes.set(right.hash, 65);
  writeWord(bytes, 97, right.sum);
  return { hash: keccak(bytes), sum };
}

/** The level above: each two neighbours under one node, the last one with the empty leaf where it has no neighbour. */
export function levelAbove(level: readonly SumNode[]): SumNode[] {
  const above: SumNode[] = [];
  for (let i = 0; i < level.length; i += 2) above.push(nodeAbove(level[i] ?? emptyNode, level[i + 1] ?? emptyNode));
  return above;
}

/** The level that lies `count` steps above. */
export function levelsAbove(level: readonly SumNode[], count: number): SumNode[] {
  let reached = [...level];
  for (let step = 0; step < count; step += 1) reached = levelAbove(reached);
  return reached;
}

/** How many steps lead from a leaf to the root: none for one leaf. */
export function depthOf(leaves: number): number {
  let depth = 0;
  for (let size = leaves; size > 1; size = Math.ceil(size / 2)) depth += 1;
  return depth;
}

/** The root of a tree: the leaf itself where there is one, the empty leaf where there is none. */
export function rootOf(leaves: readonly SumNode[]): SumNode {
  return levelsAbove(leaves, depthOf(leaves.length))[0] ?? emptyNode;
}

/** Puts leaves in the order of their hashes, which the salts make random: who stands where says nothing about anybody. */
export function inOrder<L extends SumNode>(leaves: readonly L[]): L[] {
  return [...leaves].sort((a, b) => compareBytes(a.hash, b.hash));
}

/** The nodes beside the way from the node at `index` up through `levels` levels, the lowest first. */
export function siblingsOf(nodes: readonly SumNode[], index: number, levels: number): SumNode[] {
  const siblings: SumNode[] = [];
  let level = nodes;
  let at = index;
  for (let step = 0; step < levels; step += 1) {
    siblings.push(level[at % 2 === 0 ? at + 1 : at - 1] ?? emptyNode);
    level = levelAbove(level);
    at = Math.floor(at / 2);
  }
  return siblings;
}

/**
 * Climbs from a leaf to the root that the siblings lead to. The number of leaves fixes the form of the tree: how many steps there are, and
 * where a neighbour must be the empty leaf. Throws PathError for an index outside of the tree, a wrong number of steps,
 * something else where the empty leaf belongs, and a sum that is below zero or too large.
 */
export function climb(leaf: SumNode, index: number, leaves: number, siblings: readonly SumNode[]): SumNode {
  if (!Number.isSafeInteger(leaves) || leaves < 1 || leaves > maxLeaves) {
    throw new PathError('index', 'a tree with a proof has 1 to 2^32 leaves');
  }
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves) {
    throw new PathError('index', 'the leaf lies outside of the tree');
  }
  if (siblings.length !== depthOf(leaves)) {
    throw new PathError('depth', 'the proof has another number of steps than the tree');
  }
  if (leaf.sum < 0n || leaf.sum >= sumLimit)
    throw new PathError('overflow', 'the leaf owes less than 0 or 2^128 or more');
  let node = leaf;
  let at = index;
  let size = leaves;
  for (const sibling of siblings) {
    const isLeft = at % 2 === 0;
    if (isLeft && at + 1 === size && (sibling.sum !== 0n || compareBytes(sibling.hash, emptyNode.hash) !== 0)) {
      throw new PathError('padding', 'the last node of an odd level stands beside something else than the empty leaf');
    }
    node = isLeft ? nodeAbove(node, sibling) : nodeAbove(sibling, node);
    at = Math.floor(at / 2);
    size = Math.ceil(size / 2);
  }
  return node;
}

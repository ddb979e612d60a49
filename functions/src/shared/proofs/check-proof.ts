import { fromHex, sumLimit, toHex } from './bytes.ts';
import { leafOf } from './leaf.ts';
import type { ProofFile, RewardStatement, SignedStatement } from './statement.ts';
import { climb, PathError } from './sum-tree.ts';
import { recoverSigner, statementDigest } from './typed-data.ts';

/** What is checked with the file alone, then what needs a node of the chain. In this order they are shown. */
export const checkIds = [
  'form',
  'member',
  'sums',
  'path',
  'signature',
  'claim',
  'network',
  'block',
  'contracts',
  'role',
  'supply',
  'room',
] as const;
export type CheckId = (typeof checkIds)[number];

/** One check: how it ended, why (a word that texts are chosen by), and the values to show with it. */
export interface Check {
  readonly id: CheckId;
  readonly outcome: 'passed' | 'failed' | 'not_checked';
  readonly reason: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Makes the record of a check. */
export function ended(
  id: CheckId,
  outcome: Check['outcome'],
  reason: string,
  values: Record<string, string> = {},
): Check {
  return { id, outcome, reason, values };
}

/**
 * Checks a proof with nothing but itself: that it is about `memberId` (null: nobody said whom it should be about), that its sums are
 * right, that the leaf leads to root and total, that the signer it names has signed it, and that by its own numbers no more is owed
 * than may still be minted. Says nothing about the chain. The form was checked by `readProofFile`.
 */
export function checkProof(file: ProofFile, memberId: string | null): Check[] {
  return [
    ended('form', 'passed', 'right', { date: file.statement.date, takenAt: file.statement.takenAt }),
    checkMember(file, memberId),
    checkSums(file),
    checkPath(file),
    checkSignature(file),
    checkClaim(file.statement),
  ];
}

/** As `checkProof`, for a statement without anybody's proof. */
export function checkStatement(file: SignedStatement): Check[] {
  const { statement } = file;
  return [
    ended('form', 'passed', 'statement', { date: statement.date, takenAt: statement.takenAt }),
    ended('member', 'not_checked', 'no_proof'),
    totalsOf(statement),
    ended('path', 'not_checked', 'no_proof'),
    checkSignature(file),
    checkClaim(statement),
  ];
}

function checkMember({ proof }: ProofFile, memberId: string | null): Check {
  const { member } = proof.leaf;
  if (memberId === null) return ended('member', 'not_checked', 'nobody_named', { member });
  if (memberId !== member) return ended('member', 'failed', 'other', { member, asked: memberId });
  return ended('member', 'passed', 'same', { member });
}

function totalsOf({ totals, cap, supply, mayStillBeMinted }: RewardStatement): Check {
  const owed = BigInt(totals.pending) + BigInt(totals.vested) + BigInt(totals.reserved);
  if (owed !== BigInt(totals.owed) || owed >= sumLimit) {
    return ended('sums', 'failed', 'totals', { owed: totals.owed, sum: String(owed) });
  }
  if (BigInt(cap) - BigInt(supply) !== BigInt(mayStillBeMinted))
    return ended('sums', 'failed', 'room', { mayStillBeMinted });
  return ended('sums', 'passed', 'right', { owed: totals.owed });
}

function checkSums(file: ProofFile): Check {
  const totals = totalsOf(file.statement);
  if (totals.outcome === 'failed') return totals;
  const { leaf } = file.proof;
  for (const part of ['pending', 'vested', 'reserved'] as const) {
    if (BigInt(leaf[part]) > BigInt(file.statement.totals[part])) return ended('sums', 'failed', 'leaf', { part });
  }
  return totals;
}

function checkPath({ proof, statement }: ProofFile): Check {
  const { leaf, index, siblings } = proof;
  const amounts = { pending: BigInt(leaf.pending), vested: BigInt(leaf.vested), reserved: BigInt(leaf.reserved) };
  try {
    const node = leafOf({ memberId: leaf.member, salt: fromHex(leaf.salt), ...amounts });
    const steps = siblings.map((step) => ({ hash: fromHex(step.hash), sum: BigInt(step.sum) }));
    const root = climb(node, index, statement.leaves, steps);
    if (toHex(root.hash) !== statement.root) return ended('path', 'failed', 'root', { root: statement.root });
    if (root.sum !== BigInt(statement.totals.owed)) return ended('path', 'failed', 'total', { sum: String(root.sum) });
    return ended('path', 'passed', 'right', { ...leaf, owed: String(node.sum), root: statement.root });
  } catch (error) {
    if (error instanceof PathError) return ended('path', 'failed', error.problem);
    if (error instanceof RangeError) return ended('path', 'failed', 'overflow');
    throw error;
  }
}

function checkSignature({ statement, signature }: SignedStatement): Check {
  const { signer } = signature;
  const recovered = recoverSigner(statementDigest(statement), signature.value);
  return recovered === signer
    ? ended('signature', 'passed', 'right', { signer })
    : ended('signature', 'failed', 'other', { signer });
}

function checkClaim({ totals, mayStillBeMinted }: RewardStatement): Check {
  const values = { owed: totals.owed, mayStillBeMinted };
  return BigInt(totals.owed) <= BigInt(mayStillBeMinted)
    ? ended('claim', 'passed', 'right', values)
    : ended('claim', 'failed', 'too_much', values);
}

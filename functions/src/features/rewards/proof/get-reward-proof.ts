import type { Handler } from '../../../platform/operations.ts';
import { CodedError } from '../../../shared/errors.ts';
import { checkProof } from '../../../shared/proofs/check-proof.ts';
import { toProof } from '../../../shared/proofs/make-proof.ts';
import { depthOf, siblingsOf } from '../../../shared/proofs/sum-tree.ts';
import { currentMember } from '../../../store/members.ts';
import { findLeaf, findStatement, readRun, runLevels } from '../../../store/reward-proofs.ts';

/**
 * The proof that the caller's balance is in the statement of a day, the newest one when no day is named. Whoever is new is in none yet, which
 * is no error; a day that was named and has none for the caller is.
 */
export const getRewardProof: Handler<'getRewardProof'> = async ({ services, identity }, { date }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  const signed = await findStatement(db, date ?? null);
  const found = signed && (await findLeaf(db, signed.statement.date, member.id));
  if (!found) {
    if (date === undefined) return { file: null };
    throw new CodedError(
      'not_found',
      'there is no statement of that day, the member is not in it, or its leaves are gone',
    );
  }
  const { statement } = signed;
  const { run, above } = await readRun(db, statement.date, found.index);
  const depth = depthOf(statement.leaves);
  const below = Math.min(depth, runLevels);
  const siblings = [
    ...siblingsOf(run, found.index % 2 ** runLevels, below),
    ...siblingsOf(above, Math.floor(found.index / 2 ** runLevels), depth - below),
  ];
  const file = { ...signed, proof: toProof(found.leaf, found.index, siblings) };
  // What is handed out holds, whatever happened to the tables: a proof that fails would be taken for a fraud of ours.
  const wrong = checkProof(file, member.id).find(({ id, outcome }) => outcome === 'failed' && id !== 'claim');
  if (wrong) throw new Error(`the proof of ${statement.date} does not hold: ${wrong.id} ${wrong.reason}`);
  return { file };
};

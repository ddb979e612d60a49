import { randomBytes } from 'node:crypto';
import type { ChainSettings } from '../../../platform/chain-settings.ts';
import type { Services } from '../../../platform/container.ts';
import type { Job } from '../../../platform/jobs.ts';
import { makeTree } from '../../../shared/proofs/make-proof.ts';
import type { Hex } from '../../../shared/proofs/bytes.ts';
import { levelsAbove } from '../../../shared/proofs/sum-tree.ts';
import { findDraft, forgetOldLeaves, keepCount, readOwed, runLevels } from '../../../store/reward-proofs.ts';

/** The UTC day of a moment. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/**
 * First step of a day's statement: reads what is owed to everybody in one snapshot and keeps root, totals and leaves. Returns false when
 * the day is over and was not counted: nobody can know any more what was owed then. Does nothing when it was counted before.
 */
export async function countLiabilities(
  { db, clock }: Services,
  job: Job,
  chain: ChainSettings,
  date: string,
): Promise<boolean> {
  if (await findDraft(db, date)) return true;
  // To the second, as it is signed. Read before the balances: a statement never claims to be newer than it is.
  const takenAt = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  if (dayOf(takenAt) !== date) return false;
  const owed = await readOwed(db);
  const tree = makeTree(owed.map((parts) => ({ ...parts, salt: randomBytes(32) })));
  const runs = levelsAbove(tree.leaves, runLevels);
  const { chainId } = chain;
  const of = { date, takenAt, chainId, token: chain.token as Hex, distributor: chain.distributor as Hex };
  await db.transaction(async (tx) => {
    await job.renew(tx);
    // Where another worker was first, its count stands and ours, which nobody has seen, is forgotten.
    if (await keepCount(tx, of, tree, runs)) await forgetOldLeaves(tx, takenAt);
  });
  return true;
}

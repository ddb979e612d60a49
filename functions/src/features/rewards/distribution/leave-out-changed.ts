import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import {
  entriesOfBatch,
  lockBatch,
  recordReleased,
  removeEntries,
  type DistributionBatch,
} from '../../../store/distribution-batches.ts';
import { changedPayees } from '../../../store/distribution-payees.ts';
import { lockRun, recordLeftOut } from '../../../store/distributions.ts';
import { leaveOutOfBatch } from '../../../store/reward-batches.ts';
import { hashEntries, packEntries } from '../../../vendors/chain/contracts.ts';

/**
 * Takes everybody out of a planned batch who has unlinked or changed their wallet since: days may pass between the plan and the signature
 * while a run waits for approval, and the old wallet may be in other hands. Their tokens are free again. Call it when the chain has said that
 * it never paid the batch: after a restore of the database a batch may have been signed without our knowing. True when the batch has changed.
 */
export async function leaveOutChanged(services: Services, batch: DistributionBatch): Promise<boolean> {
  // A batch that had a nonce before may be on the wire as it is.
  if (batch.generation > 0) return false;
  const { db, clock } = services;
  if ((await changedPayees(db, { chainId: batch.chainId, now: clock.now() }, batch.id)).length === 0) return false;
  return db.transaction((tx) => leaveOut(tx, batch, clock.now()));
}

async function leaveOut(tx: Tx, { id, runId, chainId }: DistributionBatch, now: Date): Promise<boolean> {
  const run = await lockRun(tx, runId);
  const batch = await lockBatch(tx, id);
  if (run?.state !== 'sending' || batch?.state !== 'planned' || batch.generation > 0) return false;
  const changed = await changedPayees(tx, { chainId, now }, id);
  if (changed.length === 0) return false;
  const kept = (await entriesOfBatch(tx, id)).filter(({ memberId }) => !changed.includes(memberId));
  const totalMicro = kept.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
  await leaveOutOfBatch(tx, id, changed, now);
  if (kept.length === 0) {
    await recordReleased(tx, id);
  } else {
    const words = packEntries(kept);
    await removeEntries(tx, id, changed, { entries: kept.length, totalMicro, words, entriesHash: hashEntries(words) });
  }
  const out = { members: changed.length, totalMicro: batch.totalMicro - totalMicro };
  await recordLeftOut(tx, runId, { ...out, batches: kept.length === 0 ? 1 : 0 });
  return true;
}

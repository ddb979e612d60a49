import { resolveAlert } from '../../../platform/alerts.ts';
import { audit } from '../../../platform/audit.ts';
import type { Handler } from '../../../platform/operations.ts';
import { CodedError } from '../../../shared/errors.ts';
import { findBatch, lockBatch, recordReleased } from '../../../store/distribution-batches.ts';
import { lockRun, recordConflictEnded } from '../../../store/distributions.ts';
import { releaseBatch } from '../../../store/reward-batches.ts';
import { lookerOf } from './looker-of.ts';
import { ensureNeverPaid } from './never-paid.ts';
import { lookAtChain, openChain } from './open-chain.ts';
import { readRunView } from './view-run.ts';

/**
 * Gives members back what a batch in conflict holds for them, so that the next payment takes it: what ends a conflict once a person has looked at
 * it. The chain is asked first whether it may be. One that was given back already is left as it is. The reason stays with the run. Throws
 * `not_found`, `distribution.wrong_state`, `distribution.may_be_paid`, `distribution.members_paid`, `chain.not_set_up` and `vendor.unavailable`.
 */
export const releaseConflict: Handler<'releaseConflict'> = async (context, { batchId, reason }) => {
  const { services } = context;
  const { db, clock } = services;
  const looker = lookerOf(context);
  const id = BigInt(batchId);
  const batch = await findBatch(db, id);
  if (!batch) throw new CodedError('not_found', `no batch ${batchId}`);
  if (batch.state === 'conflict') {
    const chain = await openChain(services);
    await chain.port.checkNetwork();
    await ensureNeverPaid(services, chain, await lookAtChain(chain), batch);
  } else if (batch.state !== 'released') {
    throw new CodedError('distribution.wrong_state', `batch ${batchId} is ${batch.state}: it is not in conflict`);
  }
  const now = clock.now();
  await db.transaction(async (tx) => {
    await lockRun(tx, batch.runId);
    // Nothing leads out of a conflict but this: what the chain was asked about is the batch as it still is.
    if ((await lockBatch(tx, id))?.state !== 'conflict') return;
    const shares = await releaseBatch(tx, id, now);
    await recordReleased(tx, id);
    await recordConflictEnded(tx, batch.runId, reason);
    await resolveAlert(tx, 'distribution_conflict', `batch_${batchId}`, now);
    const detail = { reason, batchId, totalMicro: batch.totalMicro.toString(), members: shares.length };
    const entry = {
      actor: looker.uid,
      role: context.role,
      action: 'distribution.released',
      subject: batch.runId,
      detail,
    };
    await audit(tx, entry, now);
  });
  return readRunView(db, batch.runId, looker);
};

import { audit } from '../../../platform/audit.ts';
import type { Tx } from '../../../platform/db.ts';
import type { Handler } from '../../../platform/operations.ts';
import { CodedError } from '../../../shared/errors.ts';
import { findBatch, lockBatch, recordReleased } from '../../../store/distribution-batches.ts';
import { lockRun, recordConflictReleased } from '../../../store/distributions.ts';
import { releaseBatch } from '../../../store/reward-batches.ts';
import { judgeConflict } from './judge-conflict.ts';
import { lookerOf } from './looker-of.ts';
import { lookAtChain, openChain } from './open-chain.ts';
import { endConflict, settleFrom } from './settle-batches.ts';
import { readRunView } from './view-run.ts';

/**
 * Gives members back what a batch in conflict holds for them, so that the next payment takes it: what ends a conflict once a person has looked at
 * it. The chain is asked first whether it may be. One that was given back already is left as it is; one that turns out to be paid as it was
 * planned is settled. The reason stays with the run. Throws `not_found`, `distribution.wrong_state`, `distribution.may_be_paid`,
 * `distribution.members_paid`, `distribution.other_contract`, `distribution.chain_unclear`, `chain.not_set_up` and `vendor.unavailable`.
 */
export const releaseConflict: Handler<'releaseConflict'> = async (context, { batchId, reason }) => {
  const { services } = context;
  const { db, clock } = services;
  const looker = lookerOf(context);
  const batch = await findBatch(db, BigInt(batchId));
  if (!batch) throw new CodedError('not_found', `no batch ${batchId}`);
  const { id, runId } = batch;
  if (batch.state === 'released') return readRunView(db, runId, looker);
  if (batch.state !== 'conflict') {
    throw new CodedError('distribution.wrong_state', `batch ${id} is ${batch.state}: it is not in conflict`);
  }
  const chain = await openChain(services);
  const verdict = await judgeConflict(services, chain, batch);
  const now = clock.now();
  const note = (tx: Tx, action: string, more: object) => {
    const detail = { reason, batchId: id.toString(), totalMicro: batch.totalMicro.toString(), ...more };
    return audit(tx, { actor: looker.uid, role: context.role, action, subject: runId, detail }, now);
  };
  if (verdict.is === 'paid') {
    const { blockNumber } = verdict;
    // The index has read that block as a settled one, whatever the node that is asked now thinks of it.
    await settleFrom(services, chain, { ...(await lookAtChain(chain)), safe: blockNumber }, blockNumber, [id]);
    if ((await findBatch(db, id))?.state === 'conflict') {
      throw new CodedError('vendor.unavailable', `the node does not tell of the payment in block ${blockNumber}`);
    }
    await db.transaction((tx) => note(tx, 'distribution.settled', { blockNumber }));
    return readRunView(db, runId, looker);
  }
  await db.transaction(async (tx) => {
    await lockRun(tx, runId);
    // Somebody else has given it back, or it was settled: what the chain was asked about is not there any more.
    if ((await lockBatch(tx, id))?.state !== 'conflict') return;
    const shares = await releaseBatch(tx, id, now);
    await recordReleased(tx, id);
    await recordConflictReleased(tx, runId, batch, reason);
    await endConflict(tx, batch, now);
    await note(tx, 'distribution.released', { members: shares.length });
  });
  return readRunView(db, runId, looker);
};

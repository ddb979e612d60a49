import type { JobHandler } from '../../../platform/jobs.ts';
import { lockBatch, recordReleased } from '../../../store/distribution-batches.ts';
import { plannedBatchIds } from '../../../store/distribution-views.ts';
import { findRun } from '../../../store/distributions.ts';
import { releaseBatch } from '../../../store/reward-batches.ts';

/**
 * Works off `distribution.release`: gives members back what a rejected run held for them, each batch in a transaction of its own, so that
 * a death in between is made good by the next attempt. A batch that was ever signed is left alone: what is on the wire may still be paid.
 */
export const releaseRun: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const runId = String(job.payload['runId']);
  const run = await findRun(db, runId);
  if (run?.state !== 'rejected')
    throw new Error(`run ${runId} is ${run?.state ?? 'gone'}: nothing of it may be released`);
  for (const id of await plannedBatchIds(db, runId)) {
    await db.transaction(async (tx) => {
      const batch = await lockBatch(tx, id);
      if (batch?.state !== 'planned' || batch.generation > 0) return;
      await releaseBatch(tx, id, clock.now());
      await recordReleased(tx, id);
    });
    await job.renew();
  }
  await db.transaction((tx) => job.finish(tx));
};

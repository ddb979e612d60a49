import type { Tx } from '../../../platform/db.ts';
import { addJob } from '../../../platform/outbox.ts';

/**
 * Has a run worked on in the background until it is done. `because` tells the occasions apart: each makes one job, and two jobs of one
 * run do no harm.
 */
export async function addAdvanceJob(tx: Tx, runId: string, because: string, now: Date): Promise<void> {
  const job = {
    queue: 'chain',
    topic: 'distribution.advance',
    key: `${runId}/${because}`,
    payload: { runId },
  } as const;
  await addJob(tx, job, now);
}

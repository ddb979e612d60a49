import { resolveAlert } from '../../platform/alerts.ts';
import { audit } from '../../platform/audit.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { lockJob, reviveJob, wasAudited } from '../../store/jobs.ts';

const action = 'job.retried';

/**
 * Puts a dead job back in its queue with all its attempts before it, and closes its alert: should it die again, a new alert says so.
 * Handlers look before they act, so a job whose order has been refunded meanwhile ends without doing anything. Two operators who
 * press at once revive it once. Throws `not_found`, and `order.wrong_state` for a job that is not dead.
 */
export const retryJob: Handler<'retryJob'> = async ({ services, suffix, identity, role }, { jobId, reason }) => {
  const { db, clock } = services;
  const now = clock.now();
  const requestId = idFromSuffix('request', suffix);
  await db.transaction(async (tx) => {
    const job = await lockJob(tx, jobId);
    if (!job) throw new CodedError('not_found', `no job ${jobId}`);
    if (job.state !== 'dead') {
      // A repetition whose first attempt died after its commit: the deed is done, only the answer was lost.
      if (await wasAudited(tx, action, jobId, requestId)) return;
      throw new CodedError('order.wrong_state', `job ${jobId} is ${job.state}; only a dead job can be put back`);
    }
    await reviveJob(tx, jobId, now);
    for (const kind of ['job_dead', 'job_late']) await resolveAlert(tx, kind, jobId, now);
    const detail = { reason, requestId, topic: job.topic };
    await audit(tx, { actor: identity.uid, role, action, subject: jobId, detail }, now);
  });
  return { jobId };
};

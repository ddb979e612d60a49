import { resolveAlert } from '../../../platform/alerts.ts';
import { audit } from '../../../platform/audit.ts';
import type { Handler } from '../../../platform/operations.ts';
import { addJob } from '../../../platform/outbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { finishRun, lockRun } from '../../../store/distributions.ts';
import { lookerOf } from './looker-of.ts';
import { awaitsPerson, readRunView } from './view-run.ts';

/**
 * Gives a planned run up. It can't be sent from this moment on; what it held is freed in the background, batch by batch, because a run may
 * hold for ten thousand members. Whoever asked for it may reject it as well. The reason stays with the run. Throws `not_found` and
 * `distribution.wrong_state`.
 */
export const rejectDistribution: Handler<'rejectDistribution'> = async (context, { runId, reason }) => {
  const { db, clock } = context.services;
  const looker = lookerOf(context);
  const now = clock.now();
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new CodedError('not_found', `no run ${runId}`);
    if (!awaitsPerson(run)) {
      throw new CodedError('distribution.wrong_state', `run ${runId} is ${run.state}: it can't be rejected`);
    }
    await finishRun(tx, runId, { state: 'rejected', note: reason }, now);
    const detail = { reason, totalMicro: run.totalMicro.toString(), recipients: run.recipients };
    const entry = { actor: looker.uid, role: context.role, action: 'distribution.rejected', subject: runId, detail };
    await audit(tx, entry, now);
    await resolveAlert(tx, 'distribution_approval', runId, now);
    await addJob(tx, { queue: 'projection', topic: 'distribution.release', key: runId, payload: { runId } }, now);
  });
  return readRunView(db, runId, looker);
};

import { resolveAlert } from '../../../platform/alerts.ts';
import { audit } from '../../../platform/audit.ts';
import type { Handler } from '../../../platform/operations.ts';
import { CodedError } from '../../../shared/errors.ts';
import { lockRun, recordApproval } from '../../../store/distributions.ts';
import { addAdvanceJob } from './advance-job.ts';
import { lookerOf } from './looker-of.ts';
import { awaitsPerson, readRunView } from './view-run.ts';

/**
 * Lets a planned run go out: from here on it is signed and sent in the background. The run's row lock puts two people in turn: the
 * second finds it decided. A run that a person asked for needs another person; one of the schedule was asked for by nobody. Throws
 * `not_found`, `distribution.second_person_required` and `distribution.wrong_state`.
 */
export const approveDistribution: Handler<'approveDistribution'> = async (context, { runId, reason }) => {
  const { db, clock } = context.services;
  const looker = lookerOf(context);
  const now = clock.now();
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new CodedError('not_found', `no run ${runId}`);
    if (run.requestedBy === looker.uid) {
      throw new CodedError('distribution.second_person_required', `run ${runId} must be approved by somebody else`);
    }
    if (!awaitsPerson(run)) {
      throw new CodedError('distribution.wrong_state', `run ${runId} is ${run.state}: it does not wait for approval`);
    }
    await recordApproval(tx, runId, looker.uid, now);
    const detail = { reason, totalMicro: run.totalMicro.toString(), recipients: run.recipients };
    const entry = { actor: looker.uid, role: context.role, action: 'distribution.approved', subject: runId, detail };
    await audit(tx, entry, now);
    await resolveAlert(tx, 'distribution_approval', runId, now);
    await addAdvanceJob(tx, runId, 'approved', now);
  });
  return readRunView(db, runId, looker);
};

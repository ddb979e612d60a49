import { microToMoney } from '../../../domain/rewards/payout-batches.ts';
import type { Queryable } from '../../../platform/db.ts';
import type { DistributionRunView } from '../../../shared/api/distribution.ts';
import { countBatches, type BatchState } from '../../../store/distribution-batches.ts';
import { findRun, type DistributionRun } from '../../../store/distributions.ts';

/** Who looks at a run, which decides what they may do with it. */
export interface Looker {
  readonly uid: string;
  /** Whether their role is one that approves at all. */
  readonly approves: boolean;
}

/** Whether a run is planned whole and waits for a person: only then can it be approved or rejected. */
export function awaitsPerson(run: Pick<DistributionRun, 'state' | 'plannedAt'>): boolean {
  return run.state === 'awaiting_approval' && run.plannedAt !== null;
}

/** Puts a run in the form of the API, as `looker` may see and handle it. */
export function viewRun(
  run: DistributionRun,
  batches: Readonly<Record<BatchState, number>>,
  looker: Looker,
): DistributionRunView {
  const isWaiting = awaitsPerson(run);
  return {
    id: run.id,
    state: run.state === 'awaiting_approval' && !isWaiting ? 'planning' : run.state,
    requestedBy: run.requestedBy,
    total: microToMoney(run.totalMicro),
    recipients: run.recipients,
    batches,
    createdAt: run.createdAt.toISOString(),
    plannedAt: run.plannedAt?.toISOString() ?? null,
    approvedBy: run.approvedBy,
    approvedAt: run.approvedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    note: run.note,
    mayApprove: isWaiting && looker.approves && run.requestedBy !== looker.uid,
    mayReject: isWaiting && looker.approves,
  };
}

/** Reads a run that must exist and puts it in the form of the API. */
export async function readRunView(db: Queryable, runId: string, looker: Looker): Promise<DistributionRunView> {
  const run = await findRun(db, runId);
  if (!run) throw new Error(`run ${runId} is gone`);
  return viewRun(run, await countBatches(db, runId), looker);
}

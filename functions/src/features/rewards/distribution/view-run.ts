import type { DistributionRunView } from '../../../shared/api/distribution.ts';
import { minor, toMoney, type Money } from '../../../shared/money.ts';
import { weiPerMicro } from '../../../domain/rewards/payout-batches.ts';
import type { BatchState } from '../../../store/distribution-batches.ts';
import type { DistributionRun } from '../../../store/distributions.ts';

/** Who looks at a run, which decides what they may do with it. */
export interface Looker {
  readonly uid: string;
  /** Whether their role is one that approves at all. */
  readonly approves: boolean;
}

const none: Record<BatchState, number> = { planned: 0, signed: 0, confirmed: 0, conflict: 0, released: 0 };

/** Puts micro-DOTM in the form of the API. */
export function microToMoney(micro: bigint): Money<'DOTM'> {
  return weiToMoney(micro * weiPerMicro);
}

/** Puts wei of DOTM in the form of the API. */
export function weiToMoney(wei: bigint): Money<'DOTM'> {
  return toMoney('DOTM', minor('DOTM', wei));
}

/** Whether a run is planned whole and waits for a person: only then can it be approved or rejected. */
export function awaitsPerson(run: Pick<DistributionRun, 'state' | 'plannedAt'>): boolean {
  return run.state === 'awaiting_approval' && run.plannedAt !== null;
}

/** Puts a run in the form of the API, as `looker` may see and handle it. */
export function viewRun(
  run: DistributionRun,
  batches: Record<BatchState, number> | undefined,
  looker: Looker,
): DistributionRunView {
  const isWaiting = awaitsPerson(run);
  return {
    id: run.id,
    state: run.state === 'awaiting_approval' && !isWaiting ? 'planning' : run.state,
    requestedBy: run.requestedBy,
    total: microToMoney(run.totalMicro),
    recipients: run.recipients,
    batches: batches ?? none,
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

/** An address by its first and last figures: enough to recognise it by, too little to pay to. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

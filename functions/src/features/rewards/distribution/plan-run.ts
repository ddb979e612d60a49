import { entriesPerBatch, gasLimitOf, isPayable, payableMicro } from '../../../domain/rewards/payout-batches.ts';
import type { Services } from '../../../platform/container.ts';
import { newId } from '../../../platform/ids.ts';
import type { Tx } from '../../../platform/db.ts';
import type { Id } from '../../../shared/ids.ts';
import { nextPayees, readPayees, readWaiting, type Waiting } from '../../../store/distribution-payees.ts';
import { countBatches } from '../../../store/distribution-batches.ts';
import {
  ensureRun,
  findRun,
  type DistributionRun,
  type RunCheck,
  type RunState,
} from '../../../store/distributions.ts';
import { addAdvanceJob } from './advance-job.ts';
import { checkRun } from './check-run.ts';
import { chainSettings, lookAtChain, openChain } from './open-chain.ts';
import { planBatches } from './plan-batches.ts';

/** Who wants a run, and under which name: the same key twice is one run. */
export interface RunRequest {
  /** The day (`2026-11-23`) for the scheduled one, else the suffix of the request's idempotency key. */
  readonly key: string;
  /** `schedule`, or the operator's member id. */
  readonly requestedBy: string;
}

/** What a run pays, or would pay. Amounts in micro-DOTM. */
export interface PlanReport {
  /** Null for a dry run, which keeps nothing. */
  readonly runId: Id<'distributionRun'> | null;
  readonly state: RunState | 'dry_run';
  readonly recipients: number;
  readonly batches: number;
  readonly totalMicro: bigint;
  /** Whether so much waits for an operator's approval. */
  readonly needsApproval: boolean;
  /** Members with free tokens who get nothing in it, and why. */
  readonly waiting: Waiting;
  /** Members whose address can't be paid to: none, unless something is wrong. */
  readonly badAddresses: readonly string[];
  /** What would keep it from being signed now. */
  readonly checks: readonly RunCheck[];
  /** Most gas that it takes, and what that costs at the fee of now. */
  readonly gas: { readonly units: bigint; readonly costWei: bigint };
}

/** Opens a run and has it planned and sent in the background, once for each key; `alongside` is written with it. Asks nobody outside. Throws `chain.not_set_up`. */
export async function startRun(
  services: Services,
  request: RunRequest,
  alongside?: (tx: Tx, run: DistributionRun) => Promise<void>,
): Promise<DistributionRun> {
  const { chainId, distributor } = chainSettings(services);
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const wanted = { ...request, id: newId('distributionRun', now), chainId, distributor };
    const { run, isNew } = await ensureRun(tx, wanted, now);
    if (isNew) await addAdvanceJob(tx, run.id, 'planned', now);
    if (isNew) await alongside?.(tx, run);
    return run;
  });
}

/**
 * Plans a run at once and says what it pays. With `dryRun` nothing is kept and nobody's tokens are touched. Safe to repeat with the same key,
 * also after it died in between. Throws `chain.not_set_up` and `vendor.unavailable`.
 */
export async function planRun(services: Services, request: RunRequest & { dryRun: boolean }): Promise<PlanReport> {
  if (request.dryRun) return reportDryRun(services);
  const { id } = await startRun(services, request);
  await planBatches(services, id);
  const run = await findRun(services.db, id);
  if (!run) throw new Error(`run ${id} is gone`);
  const planned = {
    recipients: run.recipients,
    batches: run.batches,
    totalMicro: run.totalMicro,
    badAddresses: run.notes.badAddresses ?? [],
  };
  const left = await countBatches(services.db, id);
  const isOpen = left.planned + left.signed > 0;
  return { ...(await report(services, planned, isOpen)), runId: id, state: run.state };
}

type Planned = Pick<PlanReport, 'recipients' | 'batches' | 'totalMicro' | 'badAddresses'>;

async function report(
  services: Services,
  planned: Planned,
  isOpen: boolean,
): Promise<Omit<PlanReport, 'runId' | 'state'>> {
  const chain = await openChain(services);
  const { settings } = chain;
  const scope = { chainId: settings.chainId, now: services.clock.now() };
  const view = await lookAtChain(chain);
  const units =
    BigInt(planned.batches) *
    gasLimitOf(Math.ceil(planned.recipients / Math.max(1, planned.batches)), settings.gasPerEntry);
  return {
    ...planned,
    needsApproval: planned.totalMicro > settings.approvalAboveMicro,
    waiting: await readWaiting(services.db, scope),
    checks: isOpen ? await checkRun(services, chain, view, planned.totalMicro) : [],
    gas: { units, costWei: units * view.baseFeeWei },
  };
}

/** Counts what `planBatches` would make, without a lock: between now and the run members may come and go. */
async function reportDryRun(services: Services): Promise<PlanReport> {
  const { settings, port } = await openChain(services);
  const { entryCeilingMicro } = await port.readDistributor();
  const scope = { chainId: settings.chainId, now: services.clock.now() };
  const limit = entriesPerBatch(settings.gasPerEntry);
  const own = [settings.token, settings.distributor];
  const badAddresses: string[] = [];
  let [recipients, batches, totalMicro, after] = [0, 0, 0n, ''];
  for (;;) {
    const ids = await nextPayees(services.db, scope, { after, limit, lock: false });
    const payees = (await readPayees(services.db, scope, ids)).filter(({ noteWei }) => noteWei === 0n);
    const good = payees.filter(({ address }) => isPayable(address, own));
    for (const payee of payees) if (!good.includes(payee) && payee.address !== null) badAddresses.push(payee.memberId);
    const amounts = good.map(({ freeWei }) => payableMicro(freeWei, entryCeilingMicro)).filter((micro) => micro > 0n);
    recipients += amounts.length;
    batches += amounts.length > 0 ? 1 : 0;
    totalMicro += amounts.reduce((sum, micro) => sum + micro, 0n);
    after = ids.at(-1) ?? after;
    if (ids.length < limit) break;
  }
  const counted = await report(services, { recipients, batches, totalMicro, badAddresses }, recipients > 0);
  return { ...counted, runId: null, state: 'dry_run' };
}

import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { ensureRun, type DistributionRun } from '../../../store/distributions.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';
import { addAdvanceJob } from './advance-job.ts';

/** Who wants a run, and under which name: the same key twice is one run. */
export interface RunRequest {
  /** The day (`2026-11-23`) for the scheduled one, else the suffix of the request's idempotency key. */
  readonly key: string;
  /** `schedule`, or the operator's member id. */
  readonly requestedBy: string;
}

/** Opens a run and has it planned and sent in the background, once for each key; `alongside` is written with it. Asks nobody outside. Throws `chain.not_set_up`. */
export async function startRun(
  services: Services,
  request: RunRequest,
  alongside?: (tx: Tx, run: DistributionRun) => Promise<void>,
): Promise<DistributionRun> {
  const { chainId, distributor } = chainOfRewards(services.policy);
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const wanted = { ...request, id: newId('distributionRun', now), chainId, distributor };
    const { run, isNew } = await ensureRun(tx, wanted, now);
    if (isNew) await addAdvanceJob(tx, run.id, 'planned', now);
    if (isNew) await alongside?.(tx, run);
    return run;
  });
}

import { planBatches } from '../../src/features/rewards/distribution/plan-batches.ts';
import { startRun } from '../../src/features/rewards/distribution/start-run.ts';
import type { Services } from '../../src/platform/container.ts';
import { findRun, type DistributionRun } from '../../src/store/distributions.ts';

/** Opens a run as the schedule does and plans it at once, instead of in the background. The same key twice is one run. */
export async function planRun(services: Services, key: string): Promise<DistributionRun> {
  const { id } = await startRun(services, { key, requestedBy: 'schedule' });
  await planBatches(services, id);
  const run = await findRun(services.db, id);
  if (!run) throw new Error(`run ${id} is gone`);
  return run;
}

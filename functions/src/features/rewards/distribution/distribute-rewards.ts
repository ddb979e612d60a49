import type { Services } from '../../../platform/container.ts';
import { log } from '../../../platform/log.ts';
import { openRuns } from '../../../store/distributions.ts';
import { addAdvanceJob } from './advance-job.ts';
import { startRun } from './start-run.ts';

/**
 * What the clock has us do every day: opens the run of the day, and has runs go on whose job was given up. Where no chain is set up, rewards
 * wait and nothing happens. Safe to repeat.
 */
export async function distributeRewards(services: Services): Promise<void> {
  if (services.policy.chain === null) return log.distributionSkipped();
  const day = services.clock.now().toISOString().slice(0, 10);
  await startRun(services, { key: day, requestedBy: 'schedule' });
  await services.db.transaction(async (tx) => {
    for (const run of await openRuns(tx)) await addAdvanceJob(tx, run.id, day, services.clock.now());
  });
}

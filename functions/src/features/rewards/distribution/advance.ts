import { resolveAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import { TryLater, type JobHandler } from '../../../platform/jobs.ts';
import { log } from '../../../platform/log.ts';
import { CodedError } from '../../../shared/errors.ts';
import { countBatches } from '../../../store/distribution-batches.ts';
import { findRun, finishRun, lockRun, recordChecks, type DistributionRun } from '../../../store/distributions.ts';
import { broadcastTransactions } from './broadcast-transactions.ts';
import { checkRun } from './check-run.ts';
import { nurseTransactions } from './nurse-transactions.ts';
import { lookAtChain, openChain } from './open-chain.ts';
import { planBatches } from './plan-batches.ts';
import { settleBatches } from './settle-batches.ts';
import { signBatches } from './sign-batches.ts';
import { awaitsPerson } from './view-run.ts';

/** How long a run rests between two rounds: less than a block of twelve seconds. */
const restSeconds = 10;
/** As long as the node or the key service can't be asked. */
const outageSeconds = 60;

/**
 * Does one round for a run: plans what is left to plan, settles what the chain has paid, looks after what is stuck, signs and sends what may
 * be. It remembers nothing, so it may die at any step and run twice at once. Settling and looking after serve all runs. Throws
 * `chain.not_set_up` and `vendor.unavailable`.
 */
export async function advance(services: Services, runId: string): Promise<DistributionRun> {
  const chain = await openChain(services);
  await chain.port.checkNetwork();
  await planBatches(services, runId);
  const view = await lookAtChain(chain);
  await settleBatches(services, chain, view);
  await nurseTransactions(services, chain, view);
  const run = await getRun(services, runId);
  // Whoever is asked to approve it sees what would stand in its way.
  if (awaitsPerson(run)) await recordChecks(services.db, runId, await checkRun(services, chain, view, run.totalMicro));
  await signBatches(services, chain, view, run);
  await broadcastTransactions(services, chain);
  await follow(services, runId);
  return getRun(services, runId);
}

async function getRun(services: Services, runId: string): Promise<DistributionRun> {
  const run = await findRun(services.db, runId);
  if (!run) throw new CodedError('internal', `there is no run ${runId}`);
  return run;
}

/** Ends a run that goes out, once each of its batches is confirmed or can't be. */
async function follow({ db, clock }: Services, runId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.state !== 'sending') return;
    const counts = await countBatches(tx, runId);
    if (counts.planned + counts.signed > 0) return;
    const now = clock.now();
    const state = counts.conflict > 0 ? 'failed' : 'done';
    const note = counts.conflict > 0 ? { note: `${counts.conflict} batches are in conflict` } : {};
    await finishRun(tx, runId, { state, ...note }, now);
    await resolveAlert(tx, 'distribution_blocked', runId, now);
  });
}

/**
 * Works off `distribution.advance`: one round, and again until the run has ended or waits for a person. An outage of the node or of the
 * key service is waited out.
 */
export const advanceRun: JobHandler = async (services, job) => {
  const runId = String(job.payload['runId']);
  const run = await advance(services, runId).catch((error: unknown) => {
    if (!(error instanceof CodedError) || error.code !== 'vendor.unavailable') throw error;
    log.chainUnavailable(runId, error);
    throw new TryLater('the chain or the key service gave no answer', outageSeconds);
  });
  if (run.state === 'sending') throw new TryLater('the run is under way', restSeconds);
  await services.db.transaction((tx) => job.finish(tx));
  log.runRested(runId, run.state, run.recipients, run.batches);
};

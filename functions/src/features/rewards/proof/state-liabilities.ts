import { raiseAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import type { Job, JobHandler } from '../../../platform/jobs.ts';
import { addJob } from '../../../platform/outbox.ts';
import { findDraft, toStatement } from '../../../store/reward-proofs.ts';
import { countLiabilities, dayOf } from './count-liabilities.ts';
import { readChainFor, signStatement } from './sign-statement.ts';

/** Plans the statement of the day that it is in UTC, once a day however often it is called. Does nothing while no chain is set up. */
export async function planStatement({ db, clock, policy }: Services): Promise<void> {
  if (policy.chain === null) return;
  const now = clock.now();
  const date = dayOf(now);
  await db.statement((tx) =>
    addJob(tx, { queue: 'chain', topic: 'rewards.state_liabilities', key: date, payload: { date } }, now),
  );
}

/**
 * Makes the statement of one UTC day: counts, reads the chain, signs, publishes. Each step is kept before the next begins and does
 * nothing when it was done before, so that an attempt goes on where the last one died. Raises an alert for a day that passed
 * without having been counted, or without a block that was near enough.
 */
export const stateLiabilities: JobHandler = async (services, job) => {
  const { db, policy } = services;
  const date = String(job.payload['date']);
  const { chain } = policy;
  if (chain === null) {
    await db.transaction((tx) => job.finish(tx));
    return;
  }
  if (!(await countLiabilities(services, job, chain, date))) return giveUp(services, job, date);
  const counted = await findDraft(db, date);
  if (counted?.reading === null && !(await readChainFor(services, job, chain, counted))) {
    return giveUp(services, job, date);
  }
  const draft = await findDraft(db, date);
  if (!draft?.reading) throw new Error(`the statement of ${date} lost its count`);
  if (draft.signature) await db.transaction((tx) => job.finish(tx));
  else await signStatement(services, job, toStatement(draft, draft.reading));
};

async function giveUp({ db, clock }: Services, job: Job, date: string): Promise<void> {
  const message = `no statement was made on ${date}, and it can't be made any more. The next day has one again; say so to members who ask.`;
  await db.transaction(async (tx) => {
    await raiseAlert(tx, { kind: 'statement_missing', subject: date, message }, clock.now());
    await job.finish(tx);
  });
}

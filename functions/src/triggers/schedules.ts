import { onSchedule, type ScheduleFunction } from 'firebase-functions/scheduler';
import { services } from '../platform/container.ts';
import { base, secrets } from './options.ts';

/** Every minute: what was left behind is queued again, deadlines are kept, the ledger's tail is folded. */
export const sweep: ScheduleFunction = onSchedule(
  { ...base, schedule: 'every 1 minutes', secrets: secrets.database, maxInstances: 1, retryCount: 0 },
  async () => {
    const { sweepEverything } = await import('./sweep-everything.ts');
    await sweepEverything(services());
  },
);

/** Every night, when yesterday is over everywhere: vendors, orders and ledger must agree. */
export const reconcile: ScheduleFunction = onSchedule(
  {
    ...base,
    schedule: '15 12 * * *',
    timeZone: 'Etc/UTC',
    secrets: [...secrets.payments, ...secrets.carrier.slice(1)],
    maxInstances: 1,
    memory: '512MiB',
    timeoutSeconds: 1800,
    retryCount: 3,
  },
  async () => {
    const { reconcileLastDay } = await import('../features/reconciliation/reconcile-last-day.ts');
    await reconcileLastDay(services());
  },
);

/** Every day, in the morning of those who may have to approve: vested rewards are paid. It only opens the run; a worker does the rest. */
export const distributeRewards: ScheduleFunction = onSchedule(
  { ...base, schedule: '0 14 * * *', timeZone: 'Etc/UTC', secrets: secrets.database, maxInstances: 1, retryCount: 3 },
  async () => {
    const { distributeRewards: distribute } = await import('../features/rewards/distribution/distribute-rewards.ts');
    await distribute(services());
  },
);

/** Every night: the ledger is recomputed from its entries. By itself, because the reconciliation waits for vendors that may be down. */
export const verifyLedger: ScheduleFunction = onSchedule(
  {
    ...base,
    schedule: '45 11 * * *',
    timeZone: 'Etc/UTC',
    secrets: secrets.database,
    maxInstances: 1,
    // The database reads every entry and gives up after ten minutes; the answer itself is small.
    timeoutSeconds: 900,
    retryCount: 3,
  },
  async () => {
    const { verifyBooks } = await import('../features/reconciliation/verify-books.ts');
    await verifyBooks(services());
  },
);

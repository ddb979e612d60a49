import { sweepOrders } from '../features/orders/sweep-orders.ts';
import { vestRewards } from '../features/rewards/vest-rewards.ts';
import { planChainIndex } from '../features/rewards/chain-index/index-chain.ts';
import { planStatement } from '../features/rewards/proof/state-liabilities.ts';
import type { Services } from '../platform/container.ts';
import { log } from '../platform/log.ts';
import { reportLateJobs, sweepOutbox, tidyUp } from '../platform/sweep.ts';
import { foldLedger } from '../store/ledger.ts';

/** What the clock has us do every minute. Each part may be repeated, and two sweeps may overlap. */
export async function sweepEverything(services: Services): Promise<void> {
  const { db, clock } = services;
  const orders = await sweepOrders(services);
  const vested = await vestRewards(services);
  await planStatement(services);
  await planChainIndex(services);
  const queued = await sweepOutbox(db, clock.now());
  const late = await reportLateJobs(db, clock.now());
  const folded = await foldLedger(db);
  await tidyUp(db, clock.now());
  if (queued + late + orders.overdue + orders.expired + vested > 0) {
    log.swept({ queued, late, ...orders, vested, folded });
  }
}

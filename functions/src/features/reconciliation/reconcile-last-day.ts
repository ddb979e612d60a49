import type { Services } from '../../platform/container.ts';
import { findLastRun, reconciledUntil, type Run } from '../../store/reconciliation-runs.ts';
import { graceMinutes, maxLookBackMs, reconcile } from './reconcile.ts';

const dayMs = 86_400_000;
/** The payment provider repeats an unanswered webhook for up to three days: what heals by itself has healed by then. */
const lookBackDays = 3;

/**
 * The nightly run: everything since the last one, at least the last three days, and further back as long as the last run's
 * differences may still stand. Nights that were missed are made up for.
 */
export async function reconcileLastDay(services: Services): Promise<{ runId: string; differences: number }> {
  const to = new Date(services.clock.now().getTime() - graceMinutes * 60_000);
  const until = await reconciledUntil(services.db);
  const last = await findLastRun(services.db);
  const from = Math.min(
    to.getTime() - lookBackDays * dayMs,
    until?.getTime() ?? Number.POSITIVE_INFINITY,
    openSince(last, to),
  );
  return reconcile(services, { from: new Date(from), to });
}

function openSince(last: Run | null, to: Date): number {
  if (!last || last.differences === 0) return Number.POSITIVE_INFINITY;
  return Math.max(last.from.getTime(), to.getTime() - maxLookBackMs);
}

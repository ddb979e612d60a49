import { raiseAlert, resolveAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import { log } from '../../platform/log.ts';
import { findLastRun, finishRun, insertRun, type Span } from '../../store/reconciliation-runs.ts';
import { collectFindings, type Check } from './check.ts';
import { compareDisputes } from './compare-disputes.ts';
import { compareLedger } from './compare-ledger.ts';
import { compareLines } from './compare-lines.ts';
import { comparePayments } from './compare-payments.ts';
import { compareProgress } from './compare-progress.ts';
import { compareRefunds } from './compare-refunds.ts';
import { readMovements } from './read-movements.ts';

/** What is younger may still be on its way between two parties; a webhook and its job take seconds, with a few retries minutes. */
export const graceMinutes = 10;
/** How far back the nightly run goes for a difference that nobody mends; by then somebody has read of it often enough. */
export const maxLookBackMs = 7 * 86_400_000;

const alert = { kind: 'reconciliation_differences', subject: 'reconciliation' } as const;

/** In this order: money first, because the others are explained by it. */
const comparisons = [comparePayments, compareRefunds, compareDisputes, compareLedger, compareLines, compareProgress];

/**
 * Compares the payment provider's balance, our orders, the ledger and the carrier's lines for what happened in `wish`, and keeps
 * each difference with its cause. Books the provider's fees on the way. Changes nothing else: people decide what is right. Safe to
 * repeat for the same span, which gives a new run with the same differences. Memory stays bounded; no vendor is called inside a
 * transaction. Throws RangeError for an empty span, and `vendor.unavailable`, after which it is to be run again.
 */
export async function reconcile(
  services: Services,
  wish: Span,
): Promise<{ runId: string; span: Span; differences: number }> {
  const { db, clock } = services;
  const startedAt = clock.now();
  const settledBefore = new Date(startedAt.getTime() - graceMinutes * 60_000);
  const span = { from: wish.from, to: wish.to < settledBefore ? wish.to : settledBefore };
  if (span.from >= span.to) {
    throw new RangeError(`nothing to reconcile from ${span.from.toISOString()} to ${span.to.toISOString()}`);
  }
  const runId = await insertRun(db, span, startedAt);
  const findings = collectFindings(services, runId);
  const check: Check = { services, span, settledBefore, report: findings.report };
  await readMovements(check);
  for (const compare of comparisons) await compare(check);
  const differences = await findings.close();
  await conclude(services, { id: runId, ...span }, differences);
  log.reconciled(differences);
  return { runId, span, differences };
}

/** Shows the run, and raises the alert or closes it: closed only by a run that has looked again at what the last bad one saw. */
async function conclude(services: Services, run: Span & { id: string }, differences: number): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const lastBad = await findLastRun(tx, { withDifferences: true });
    await finishRun(tx, run.id, differences, now);
    if (differences > 0) {
      const message = `the books and the vendors disagree in ${differences} places between ${run.from.toISOString()} and ${run.to.toISOString()}: read each difference with its cause, mend it, and reconcile again.`;
      await raiseAlert(tx, { ...alert, message }, now);
    } else if (!lastBad || hasSeenAgain(run, lastBad)) {
      await resolveAlert(tx, alert.kind, alert.subject, now);
    }
  });
}

function hasSeenAgain(run: Span, earlier: Span): boolean {
  const from = Math.max(earlier.from.getTime(), run.to.getTime() - maxLookBackMs);
  return run.from.getTime() <= from && run.to >= earlier.to;
}

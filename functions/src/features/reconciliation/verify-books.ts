import { raiseAlert, resolveAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import { log } from '../../platform/log.ts';
import { readLedgerProblems } from '../../store/reconciliation-checks.ts';

const alert = { kind: 'books_out_of_balance', subject: 'ledger' } as const;

/** As many as fit into an alert that a person reads; more have the same cause. */
const named = 5;

/**
 * Recomputes the ledger from its entries and raises the alert `books_out_of_balance` when it contradicts itself, or closes the alert.
 * It asks no vendor, so it also runs in a night in which the reconciliation can't. Corrects nothing. Safe to repeat; returns how many
 * contradictions there are.
 */
export async function verifyBooks(services: Services): Promise<{ problems: number }> {
  const { db, clock } = services;
  const startedAt = clock.now();
  const problems = await readLedgerProblems(db);
  const now = clock.now();
  if (problems.length === 0) await resolveAlert(db, alert.kind, alert.subject, now);
  else {
    const first = problems.slice(0, named).map(({ problem, subject }) => `${problem} (${subject})`);
    const message = `the ledger contradicts itself in ${problems.length} places: ${first.join('; ')}. Stop and call an engineer before anything is corrected.`;
    await raiseAlert(db, { ...alert, message }, now);
  }
  log.booksVerified(problems.length, now.getTime() - startedAt.getTime());
  return { problems: problems.length };
}

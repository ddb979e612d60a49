import { readOpenEvents, readStaleProjections } from '../../store/reconciliation-checks.ts';
import { allRows, type Check } from './check.ts';

const noAmounts = { unit: null, expected: null, found: null } as const;

/** What we have heard and not acted on, and what members see that is out of date. Not bound to the span: nothing is forgotten. */
export async function compareProgress(check: Check): Promise<void> {
  const { db } = check.services;
  const events = allRows(
    (after, limit) => readOpenEvents(db, check.settledBefore, after, limit),
    (row) => row.event_id,
  );
  for await (const row of events) {
    const cause = `the provider told of ${row.type} and it has had no effect yet: ${stateOf(row)}.`;
    await check.report({ kind: 'event_open', subject: row.event_id, ...noAmounts, cause });
  }
  const projections = allRows(
    (after, limit) => readStaleProjections(db, check.settledBefore, after, limit),
    (row) => row.job_id,
  );
  for await (const row of projections) {
    const job = { job_id: row.job_id, job_state: row.state, last_error: row.last_error };
    const cause = `what the app shows is older than what we hold: ${stateOf(job)}; or rebuild the projections by command.`;
    await check.report({ kind: 'projection_stale', subject: row.subject, ...noAmounts, cause });
  }
}

function stateOf(job: { job_id: string | null; job_state: string | null; last_error: string | null }): string {
  if (job.job_id === null) return 'it has no job. Call an engineer';
  const error = job.last_error ?? 'no error noted';
  if (job.job_state === 'dead') return `job ${job.job_id} gave up (${error}). Mend the cause and retry the job`;
  return `job ${job.job_id} is still being tried (${error})`;
}

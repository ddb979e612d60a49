import { raiseAlert } from './alerts.ts';
import type { Db } from './db.ts';
import { enqueueAll } from './tasks.ts';
import type { OutboxEntry, QueueName } from './outbox.ts';

/** Younger than this, a job's own task is still on its way: queueing it again would only double the traffic. */
const staleSeconds = 30;
/** Older than this, a job that is still open is told to operators, even while it is being retried. */
const lateMinutes = 60;
/** What one sweep takes up; the next sweep takes the rest. */
const batch = 200;

interface Row {
  id: string;
  queue: QueueName;
  topic: string;
  run_at: Date;
  trace_id: string;
}

/**
 * Queues again what has been left behind: jobs that are due, held by nobody, and whose task was lost, came too early, or was never
 * made because the process died after the commit. Safe to run twice at the same time: rows are taken under SKIP LOCKED.
 */
export async function sweepOutbox(db: Db, now: Date): Promise<number> {
  const stale = new Date(now.getTime() - staleSeconds * 1000);
  const { rows } = await db.query<Row>(
    `update outbox set enqueued_at = $1 where id in (
       select id from outbox where state = 'pending' and run_at <= $1
         and (claimed_until is null or claimed_until < $1)
         and (enqueued_at is null or enqueued_at < $2 or enqueued_at < run_at)
       order by run_at limit $3 for update skip locked)
     returning id, queue, topic, run_at, trace_id`,
    [now, stale, batch],
  );
  const entries: OutboxEntry[] = rows.map((row) => ({
    id: row.id,
    queue: row.queue,
    topic: row.topic,
    runAt: row.run_at,
    traceId: row.trace_id,
  }));
  await enqueueAll(entries, `-${now.getTime()}`);
  return entries.length;
}

/** Raises an alert for each job that has been open for too long. */
export async function reportLateJobs(db: Db, now: Date): Promise<number> {
  const limit = new Date(now.getTime() - lateMinutes * 60_000);
  const { rows } = await db.query<{ id: string; topic: string; last_error: string | null }>(
    `select id, topic, last_error from outbox where state = 'pending' and created_at < $1 and last_error is not null
     order by created_at limit $2`,
    [limit, batch],
  );
  for (const row of rows) {
    const message = `${row.topic} has been tried for over ${lateMinutes} minutes: ${row.last_error ?? 'no error noted'}.`;
    await raiseAlert(db, { kind: 'job_late', subject: row.id, message }, now);
  }
  return rows.length;
}

/** How long things are kept that serve only for a while. */
const keepIdempotencyDays = 7;
const keepDoneJobsDays = 30;

/** Deletes what has served: old idempotency keys, counters of past windows, messages that no wallet signed in time, done jobs. */
export async function tidyUp(db: Db, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  await db.query('delete from idempotency where created_at < $1', [before(keepIdempotencyDays)]);
  await db.query('delete from rate_limit where window_start < $1', [before(1)]);
  // For a day a message that is over is still told apart from one that never was.
  await db.query('delete from wallet_challenge where expires_at < $1', [before(1)]);
  await db.query(`delete from outbox where state = 'done' and done_at < $1`, [before(keepDoneJobsDays)]);
}

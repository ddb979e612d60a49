import type { Queryable, Tx } from '../platform/db.ts';
import type { OutboxEntry, QueueName } from '../platform/outbox.ts';

export interface JobRecord {
  id: string;
  topic: string;
  state: 'pending' | 'done' | 'dead';
  lastError: string | null;
}

/** Reads a job under a row lock, null when there is none. */
export async function lockJob(tx: Tx, id: string): Promise<JobRecord | null> {
  const { rows } = await tx.query<{ id: string; topic: string; state: JobRecord['state']; last_error: string | null }>(
    'select id, topic, state, last_error from outbox where id = $1 for update',
    [id],
  );
  const row = rows[0];
  return row ? { id: row.id, topic: row.topic, state: row.state, lastError: row.last_error } : null;
}

/**
 * Puts a dead job (locked by the caller) back in its queue, due at `now` with all its attempts before it. Its last error stays
 * until it has done better. The new due time gives its task a name that the queue has not seen.
 */
export async function reviveJob(tx: Tx, id: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ queue: QueueName; topic: string; trace_id: string }>(
    `update outbox set state = 'pending', attempts = 0, run_at = $2, enqueued_at = $2, claimed_until = null, done_at = null
     where id = $1 and state = 'dead' returning queue, topic, trace_id`,
    [id, now],
  );
  const entries: OutboxEntry[] = rows.map((row) => ({
    id,
    queue: row.queue,
    topic: row.topic,
    runAt: now,
    traceId: row.trace_id,
  }));
  tx.deferred.push(...entries);
}

/** Says whether a request of this kind about `subject` stands in the audit log, so that a repeated call knows its deed is done. */
export async function wasAudited(db: Queryable, action: string, subject: string, requestId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from audit_log where subject = $1 and action = $2 and detail ->> 'requestId' = $3 limit 1`,
    [subject, action, requestId],
  );
  return rowCount === 1;
}

import { idFromSuffix, newSuffix } from './ids.ts';
import { currentTraceId } from './trace.ts';
import type { Tx } from './db.ts';

/** One queue for each vendor, so that each has its own rate, secrets and breaker. */
export const queues = ['payments', 'carrier', 'mail', 'projection', 'chain', 'voice'] as const;
export type QueueName = (typeof queues)[number];

export interface OutboxEntry {
  id: string;
  queue: QueueName;
  topic: string;
  runAt: Date;
  traceId: string;
}

export interface NewJob {
  queue: QueueName;
  topic: string;
  /** With the topic, the identity of the deed: a second entry with the same key is dropped. */
  key: string;
  payload: Record<string, string | number | boolean | null>;
  /** Jobs of one lane run one at a time. */
  lane?: string;
  /** Not before this time; at once when left out. */
  runAt?: Date;
}

/** Makes the entry of a job that is about to be written down, in the trace of the work that is running. */
export function newEntry(job: Pick<NewJob, 'queue' | 'topic' | 'runAt'>, now: Date): OutboxEntry {
  const { queue, topic, runAt = now } = job;
  return { id: idFromSuffix('job', newSuffix(now)), queue, topic, runAt, traceId: currentTraceId() };
}

/** As `addJob` for many jobs of one kind that are due at once, in one round trip. */
export async function addJobs(
  tx: Tx,
  kind: Pick<NewJob, 'queue' | 'topic'>,
  jobs: readonly Pick<NewJob, 'key' | 'payload'>[],
  now: Date,
): Promise<void> {
  const entries = jobs.map(() => newEntry(kind, now));
  const { rows } = await tx.query<{ id: string }>(
    `insert into outbox (id, queue, topic, dedupe_key, payload, run_at, enqueued_at, trace_id, created_at)
     select job.id, $4, $5, job.key, job.payload, $6, $6, $7, $6
     from unnest($1::text[], $2::text[], $3::jsonb[]) as job (id, key, payload) on conflict (topic, dedupe_key) do nothing returning id`,
    [
      entries.map(({ id }) => id),
      jobs.map(({ key }) => key),
      jobs.map(({ payload }) => JSON.stringify(payload)),
      kind.queue,
      kind.topic,
      now,
      currentTraceId(),
    ],
  );
  const written = new Set(rows.map(({ id }) => id));
  tx.deferred.push(...entries.filter(({ id }) => written.has(id)));
}

/**
 * Writes down work that follows from this transaction; after the commit it becomes a Cloud Task. Returns false when the same
 * topic and key were written before: then nothing happens. `enqueued_at` is set in good faith; the sweeper finds what a crash
 * between commit and enqueue left behind.
 */
export async function addJob(tx: Tx, job: NewJob, now: Date): Promise<boolean> {
  const entry = newEntry(job, now);
  const { rowCount } = await tx.query(
    `insert into outbox (id, queue, topic, dedupe_key, payload, lane, run_at, enqueued_at, trace_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8) on conflict (topic, dedupe_key) do nothing`,
    [entry.id, job.queue, job.topic, job.key, job.payload, job.lane ?? null, entry.runAt, now, entry.traceId],
  );
  if (rowCount === 0) return false;
  tx.deferred.push(entry);
  return true;
}

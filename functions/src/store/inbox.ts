import type { Queryable, Tx } from '../platform/db.ts';
import type { OutboxEntry } from '../platform/outbox.ts';

export interface InboxEvent {
  source: 'stripe';
  eventId: string;
  type: string;
  objectId: string;
  eventAt: Date;
}

/** An event as it is kept. */
export interface ReceivedEvent extends InboxEvent {
  receivedAt: Date;
}

/** An event to keep, and the entry of the job that works it off; without one, nobody handles its type and it is kept as done. */
export interface EventToKeep extends ReceivedEvent {
  job: OutboxEntry | null;
}

/** What works off an event of the payment provider. */
export const eventJob = { queue: 'payments', topic: 'payments.event' } as const;

/**
 * Keeps verified events that came at the same time, each with its job, in one statement. Returns for each whether it is new: one that was
 * kept before, or comes twice here, is not, and gets no second job. Events about one object are worked off one at a time (their lane is
 * the object): each fetches it and then writes, so that what was fetched last is what stays.
 */
export async function receiveEvents(tx: Tx, events: readonly EventToKeep[]): Promise<boolean[]> {
  const first = new Map(events.toReversed().map((event) => [event.eventId, event]));
  // In order of their ids: two statements that hold the same events would otherwise wait for each other.
  const distinct = [...first.values()].toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  const { rows } = await tx.query<{ event_id: string; job_id: string | null }>(
    `with given as (
       select * from json_to_recordset($1) as given (
         source text, "eventId" text, type text, "objectId" text, "eventAt" timestamptz, "receivedAt" timestamptz, job json)
     ), kept as (
       insert into inbox (source, event_id, type, object_id, event_at, received_at, done_at, outcome)
       select source, "eventId", type, "objectId", "eventAt", "receivedAt", case when job is null then "receivedAt" end,
         case when job is null then 'ignored: no handler for this type' end
       from given on conflict do nothing returning event_id
     ), jobs as (
       insert into outbox (id, queue, topic, dedupe_key, payload, lane, run_at, enqueued_at, trace_id, created_at)
       select job ->> 'id', job ->> 'queue', job ->> 'topic', "eventId", jsonb_build_object('eventId', "eventId"),
         source || ':' || "objectId", "receivedAt", "receivedAt", job ->> 'traceId', "receivedAt"
       from given join kept on kept.event_id = "eventId" where job is not null
       on conflict (topic, dedupe_key) do nothing returning id, dedupe_key
     )
     select kept.event_id, jobs.id as job_id from kept left join jobs on jobs.dedupe_key = kept.event_id`,
    [JSON.stringify(distinct)],
    'receive-events',
  );
  const kept = new Map(rows.map((row) => [row.event_id, row.job_id]));
  for (const { eventId, job } of distinct) if (job !== null && kept.get(eventId) === job.id) tx.deferred.push(job);
  return events.map((event) => kept.has(event.eventId) && first.get(event.eventId) === event);
}

/** Reads a kept event. */
export async function findEvent(db: Queryable, source: string, eventId: string): Promise<ReceivedEvent | null> {
  const { rows } = await db.query<{ type: string; object_id: string; event_at: Date; received_at: Date }>(
    'select type, object_id, event_at, received_at from inbox where source = $1 and event_id = $2',
    [source, eventId],
  );
  const row = rows[0];
  if (!row) return null;
  const { type, object_id: objectId, event_at: eventAt, received_at: receivedAt } = row;
  return { source: 'stripe', eventId, type, objectId, eventAt, receivedAt };
}

/** Marks the event done, in the transaction of its effect; `outcome` says in a word what came of it. */
export async function finishEvent(tx: Tx, source: string, eventId: string, outcome: string, now: Date): Promise<void> {
  await tx.query(
    'update inbox set done_at = $3, outcome = $4 where source = $1 and event_id = $2 and done_at is null',
    [source, eventId, now, outcome],
  );
}

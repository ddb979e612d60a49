import type { Queryable, Tx } from '../platform/db.ts';
import { addJob } from '../platform/outbox.ts';

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

/**
 * Keeps a verified event, and has it worked off when somebody handles its type; others are kept as done. Returns false when it was
 * kept before.
 */
export async function receiveEvent(tx: Tx, event: InboxEvent, now: Date, type: { handled: boolean }): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into inbox (source, event_id, type, object_id, event_at, received_at, done_at, outcome)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      event.source,
      event.eventId,
      event.type,
      event.objectId,
      event.eventAt,
      now,
      type.handled ? null : now,
      type.handled ? null : 'ignored: no handler for this type',
    ],
  );
  if (rowCount === 0) return false;
  if (!type.handled) return true;
  const payload = { eventId: event.eventId };
  // Events about one object one at a time: each fetches it and then writes, so that what was fetched last is what stays.
  const lane = `${event.source}:${event.objectId}`;
  await addJob(tx, { queue: 'payments', topic: 'payments.event', key: event.eventId, payload, lane }, now);
  return true;
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

import type { OrderEventKind } from '../shared/order.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

export interface NewOrderEvent {
  orderId: string;
  kind: OrderEventKind;
  /** Ids and times that prove it; members see them. Never a secret, an activation code or a telephone number. */
  evidence: Record<string, string>;
  /** Tells apart events of one kind, such as two refunds in part. */
  key?: string;
}

/** Puts an event on the order's timeline. Returns false when it stood there already. */
export async function appendEvent(tx: Tx, event: NewOrderEvent, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into order_event (id, order_id, kind, dedupe_key, at, evidence) values ($1, $2, $3, $4, $5, $6)
     on conflict (order_id, kind, dedupe_key) do nothing`,
    [newId('orderEvent', now), event.orderId, event.kind, event.key ?? '', now, event.evidence],
  );
  return rowCount === 1;
}

import type { Order } from '../../../functions/src/shared/api/orders.ts';

/**
 * Answers come by two roads (REST and Firestore) and may overtake each other. A timeline only ever grows, so the longer
 * one is the newer state; with equal lengths the later answer wins.
 */
export function newerOrder(held: Order | undefined, offered: Order): Order {
  return held && held.timeline.length > offered.timeline.length ? held : offered;
}

/** The same for a list: each order keeps its newer state; the offered list says which orders there are. */
export function newerOrders(held: Order[] | undefined, offered: Order[]): Order[] {
  const known = new Map(held?.map((order) => [order.id, order]));
  return offered.map((order) => newerOrder(known.get(order.id), order));
}

/** Of two states that count their changes the one that has seen more; with equal counts the later answer wins. */
export function newerRevision<T extends { revision: number }>(held: T | undefined, offered: T): T {
  return held && held.revision > offered.revision ? held : offered;
}

/** Whether an order is between two steps, so that the page should look again soon. */
export function orderIsMoving(order: Order): boolean {
  if (order.state === 'paid' || order.state === 'provisioning' || order.state === 'refunding') return true;
  return order.state === 'created' && !order.paymentPending;
}

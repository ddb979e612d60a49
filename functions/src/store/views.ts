import type { Line as LineView, Order as OrderView, OrderEvent } from '../shared/api/orders.ts';
import { parseActivationCode } from '../domain/esim/activation-code.ts';
import { displayIccid } from '../domain/esim/iccid.ts';
import { add, minor, toMoney } from '../shared/money.ts';
import type { OrderEventKind } from '../shared/order.ts';
import type { Queryable } from '../platform/db.ts';
import type { Line } from './lines.ts';
import { totalOf } from './order-items.ts';
import type { Order } from './orders.ts';

interface EventRow {
  order_id: string;
  kind: OrderEventKind;
  at: Date;
  evidence: Record<string, string>;
}

/** Orders in the form that the API and the projections show, with their timelines and rewards. */
export async function viewOrders(db: Queryable, orders: readonly Order[]): Promise<OrderView[]> {
  if (orders.length === 0) return [];
  const ids = orders.map((order) => order.id);
  const [events, rewards] = await Promise.all([
    db.query<EventRow>('select order_id, kind, at, evidence from order_event where order_id = any($1) order by id', [
      ids,
    ]),
    db.query<{ order_id: string; wei: bigint }>(
      `select order_id, sum(amount_wei - reversed_wei)::numeric(38, 0) as wei from reward where order_id = any($1) group by order_id`,
      [ids],
    ),
  ]);
  const weiByOrder = new Map(rewards.rows.map((row) => [row.order_id, row.wei]));
  return orders.map((order) => {
    const timeline: OrderEvent[] = events.rows
      .filter((event) => event.order_id === order.id)
      .map((event) => ({ kind: event.kind, at: event.at.toISOString(), evidence: event.evidence }));
    return viewOrder(order, timeline, weiByOrder.get(order.id));
  });
}

function viewOrder(order: Order, timeline: OrderEvent[], rewardWei: bigint | undefined): OrderView {
  const waits = order.state === 'created' && !order.paymentPending;
  return {
    id: order.id,
    state: order.state,
    items: order.items.map((item) => ({
      productId: item.productId,
      name: item.name,
      cycle: item.billing,
      quantity: item.quantity,
      unitPrice: toMoney(order.currency, item.unit),
      discount: toMoney(order.currency, item.discount),
      total: toMoney(order.currency, totalOf(item)),
    })),
    discount: viewDiscount(order),
    total: toMoney(order.currency, order.total),
    tax: toMoney(order.currency, order.tax),
    refunded: toMoney(order.currency, order.refunded),
    credit: viewCredit(order),
    createdAt: order.createdAt.toISOString(),
    deadlineAt: order.deadlineAt?.toISOString() ?? null,
    paymentPending: order.paymentPending,
    checkoutUrl: waits ? order.checkoutUrl : null,
    receiptUrl: order.receiptUrl,
    lineId: order.lineId,
    reward: rewardWei === undefined ? null : toMoney('DOTM', rewardWei),
    timeline,
  };
}

function viewDiscount({ discount, currency, items }: Order): OrderView['discount'] {
  if (!discount) return null;
  const amount = add(minor(currency, 0n), ...items.map((item) => item.discount));
  return { ...discount, amount: toMoney(currency, amount) };
}

function viewCredit({ credit, currency }: Order): OrderView['credit'] {
  if (credit === null) return null;
  const { amount, tokens, returned } = credit;
  return {
    amount: toMoney(currency, amount),
    tokens: toMoney('DOTM', tokens),
    returned: toMoney('DOTM', returned),
  };
}

/** One order in the form that the API shows. */
export async function viewOneOrder(db: Queryable, order: Order): Promise<OrderView> {
  const [view] = await viewOrders(db, [order]);
  return view!;
}

interface DataRow {
  line_id: string;
  granted: bigint;
  remaining: bigint;
}

/** Account of the ledger that holds a line's data allowance, in bytes. */
export function dataAccountOf(lineId: string): string {
  return `line/${lineId}/data/BYTE`;
}

/** Lines in the form that their owner sees. The activation code is in it: never give it to anybody else, never log it. */
export async function viewLines(db: Queryable, lines: readonly Line[]): Promise<LineView[]> {
  if (lines.length === 0) return [];
  const { rows } = await db.query<DataRow>(
    `select o.line_id, sum(i.data_bytes * i.quantity)::bigint as granted,
       coalesce(ledger.balance('line/' || o.line_id || '/data/BYTE'), 0)::bigint as remaining
     from orders o join order_item i on i.order_id = o.id
     where o.line_id = any($1) and o.settled and o.state <> 'refunded' and i.data_bytes is not null group by o.line_id`,
    [lines.map((line) => line.id)],
  );
  const data = new Map(rows.map((row) => [row.line_id, row]));
  return lines.map((line) => ({
    id: line.id,
    state: line.state,
    iccid: line.iccid === null ? null : displayIccid(line.iccid),
    phoneNumber: line.phoneNumber,
    countryCode: line.countryCode,
    activation:
      line.state === 'provisioning' || line.activationUrl === null ? null : viewActivation(line.activationUrl),
    dataRemaining: toMoney('BYTE', data.get(line.id)?.remaining ?? 0n),
    dataGranted: toMoney('BYTE', data.get(line.id)?.granted ?? 0n),
    createdAt: line.createdAt.toISOString(),
  }));
}

function viewActivation(lpa: string): LineView['activation'] {
  const code = parseActivationCode(lpa);
  if (!code) return null;
  return {
    lpa,
    smdpAddress: code.smdpAddress,
    matchingId: code.matchingId,
    confirmationCodeRequired: code.confirmationCodeRequired,
  };
}

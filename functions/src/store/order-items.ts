import type { BillingCycle } from '../domain/pricing/catalog.ts';
import { spread } from '../domain/pricing/spread.ts';
import type { Product } from '../shared/api/catalog.ts';
import { minor, subtract, times, type Amount, type Currency } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';

export interface OrderItem {
  position: number;
  productId: string;
  name: string;
  kind: Product['kind'];
  billing: BillingCycle;
  quantity: number;
  /** The list price of one. */
  unit: Amount<Currency>;
  /** What is taken off the list price of all of them, now and at each renewal. */
  discount: Amount<Currency>;
  renewalDiscount: Amount<Currency>;
  /** What of its price is paid with tokens: its share of the order's credit. */
  credit: Amount<Currency>;
  rewardBasisPoints: number;
  dataBytes: bigint | null;
  includesLine: boolean;
}

interface ItemRow {
  order_id: string;
  position: number;
  product_id: string;
  name: string;
  kind: Product['kind'];
  billing: BillingCycle;
  quantity: number;
  unit_minor: bigint;
  discount_minor: bigint;
  renewal_discount_minor: bigint;
  credit_minor: bigint;
  reward_basis_points: number;
  data_bytes: bigint | null;
  includes_line: boolean;
}

/** An item of an order that is about to be written; its share of the credit is computed then. */
export type NewItem = Omit<OrderItem, 'credit'>;

/** What an item costs in its order: the list price of all of them, less the discount. */
export function totalOf(item: Pick<OrderItem, 'unit' | 'quantity' | 'discount'>): Amount<Currency> {
  return subtract(times(item.unit, BigInt(item.quantity)), item.discount);
}

/** What of an item's price is to be paid with money, before tax. Only money earns rewards. */
export function paidInMoney(item: Pick<OrderItem, 'unit' | 'quantity' | 'discount' | 'credit'>): Amount<Currency> {
  return subtract(totalOf(item), item.credit);
}

function toItem(row: ItemRow, currency: Currency): OrderItem {
  return {
    position: row.position,
    productId: row.product_id,
    name: row.name,
    kind: row.kind,
    billing: row.billing,
    quantity: row.quantity,
    unit: minor(currency, row.unit_minor),
    discount: minor(currency, row.discount_minor),
    renewalDiscount: minor(currency, row.renewal_discount_minor),
    credit: minor(currency, row.credit_minor),
    rewardBasisPoints: row.reward_basis_points,
    dataBytes: row.data_bytes,
    includesLine: row.includes_line,
  };
}

/** Reads the items of some orders at once, by the order's id, each order's in their order. Their amounts are in the order's currency. */
export async function readItems(
  db: Queryable,
  orders: readonly { id: string; currency: Currency }[],
): Promise<Map<string, OrderItem[]>> {
  const { rows } = await db.query<ItemRow>(
    'select * from order_item where order_id = any($1) order by order_id, position',
    [orders.map(({ id }) => id)],
  );
  return new Map(
    orders.map(({ id, currency }) => [
      id,
      rows.filter((row) => row.order_id === id).map((row) => toItem(row, currency)),
    ]),
  );
}

/** Writes the items of a new order, each with its share of `credit`. */
export async function insertItems(
  tx: Tx,
  orderId: string,
  items: readonly NewItem[],
  credit: Amount<Currency>,
): Promise<void> {
  const shares = spread(credit, items.map(totalOf));
  for (const [index, item] of items.entries()) {
    await tx.query(
      `insert into order_item (order_id, position, product_id, name, kind, billing, quantity, unit_minor, reward_basis_points,
         data_bytes, includes_line, discount_minor, renewal_discount_minor, credit_minor)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        orderId,
        item.position,
        item.productId,
        item.name,
        item.kind,
        item.billing,
        item.quantity,
        item.unit,
        item.rewardBasisPoints,
        item.dataBytes,
        item.includesLine,
        item.discount,
        item.renewalDiscount,
        shares[index],
      ],
    );
  }
}

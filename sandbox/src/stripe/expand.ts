import { invalidRequest } from './errors.ts';
import { list } from './pagination.ts';
import type { Tables } from './tables.ts';

type Json = Record<string, unknown>;
type Lookup = (tables: Tables, id: string) => object | undefined;

/** Which table an id's prefix belongs to. */
const BY_PREFIX: Record<string, Lookup> = {
  cus: (tables, id) => tables.customers.get(id) ?? tables.deletedCustomers.get(id),
  prod: (tables, id) => tables.products.get(id),
  price: (tables, id) => tables.prices.get(id),
  pm: (tables, id) => tables.paymentMethods.get(id),
  pi: (tables, id) => tables.paymentIntents.get(id),
  ch: (tables, id) => tables.charges.get(id),
  py: (tables, id) => tables.charges.get(id),
  re: (tables, id) => tables.refunds.get(id),
  pyr: (tables, id) => tables.refunds.get(id),
  du: (tables, id) => tables.disputes.get(id),
  txn: (tables, id) => tables.balanceTransactions.get(id),
  cs: (tables, id) => tables.sessions.get(id),
  sub: (tables, id) => tables.subscriptions.get(id),
  in: (tables, id) => tables.invoices.get(id),
  di: (tables, id) => tables.discounts.get(id),
};

/** Fields of these names hold ids that the merchant may have chosen, without a prefix. */
const BY_FIELD: Record<string, Lookup> = {
  product: (tables, id) => tables.products.get(id),
  coupon: (tables, id) => tables.coupons.get(id),
  source: (tables, id) => findByPrefix(tables, id),
};

/** Fields that are there only when they are asked for. */
const INCLUDABLE: Record<string, (tables: Tables, owner: Json) => object | undefined> = {
  'checkout.session.line_items': (tables, owner) => {
    const plan = tables.sessionPlans.get(String(owner['id']));
    return (
      plan &&
      list(plan.lineItems.slice(0, 10), plan.lineItems.length > 10, `/v1/checkout/sessions/${plan.id}/line_items`)
    );
  },
  'charge.refunds': (tables, owner) => {
    const charge = String(owner['id']);
    const refunds = tables.refunds.list({ charge });
    return list(refunds.slice(0, 10), refunds.length > 10, `/v1/charges/${charge}/refunds`);
  },
  'invoice.payments': (tables, owner) => {
    const payments = tables.invoicePayments.list({ invoice: String(owner['id']) });
    return list(payments.slice(0, 10), payments.length > 10, '/v1/invoice_payments');
  },
  'customer.subscriptions': (tables, owner) => {
    const customer = String(owner['id']);
    const subscriptions = tables.subscriptions.list({ customer }).filter((it) => it.status !== 'canceled');
    return list(subscriptions.slice(0, 10), subscriptions.length > 10, `/v1/customers/${customer}/subscriptions`);
  },
};

// The real API goes four levels deep at most.
const MAX_DEPTH = 4;

/** Replaces the references that `paths` name by whole objects; refuses paths that cannot be expanded, as the real API does. */
export function expandPaths(tables: Tables, answer: object, paths: string[] | undefined): object {
  const copy = JSON.parse(JSON.stringify(answer)) as Json;
  for (const path of paths ?? []) {
    const parts = path.split('.');
    const depth = parts.filter((part) => part !== 'data').length;
    if (depth > MAX_DEPTH) {
      throw invalidRequest(`You cannot expand more than ${MAX_DEPTH} levels of a property (${path})`, {
        param: 'expand',
      });
    }
    expandAt(tables, copy, parts, path);
  }
  return copy;
}

function expandAt(tables: Tables, owner: Json, [field, ...rest]: string[], whole: string): void {
  if (field === undefined) return;
  const includable = INCLUDABLE[`${String(owner['object'])}.${field}`]?.(tables, owner);
  if (includable && owner[field] === undefined) owner[field] = JSON.parse(JSON.stringify(includable));
  if (!(field in owner)) {
    throw invalidRequest(`This property cannot be expanded (${whole}).`, { param: 'expand' });
  }
  const value = owner[field];
  const wholeOf = (id: string): unknown => {
    const found = (BY_FIELD[field] ?? findByPrefix)(tables, id);
    if (!found) throw invalidRequest(`This property cannot be expanded (${whole}).`, { param: 'expand' });
    return JSON.parse(JSON.stringify(found));
  };
  if (typeof value === 'string') owner[field] = wholeOf(value);
  // Lists of ids, such as a subscription's discounts.
  if (Array.isArray(value)) {
    owner[field] = value.map((item: unknown) => (typeof item === 'string' ? wholeOf(item) : item));
  }
  const next = owner[field];
  for (const item of Array.isArray(next) ? next : [next]) {
    if (typeof item === 'object' && item !== null) expandAt(tables, item as Json, rest, whole);
  }
}

function findByPrefix(tables: Tables, id: string): object | undefined {
  return BY_PREFIX[id.slice(0, id.indexOf('_'))]?.(tables, id);
}

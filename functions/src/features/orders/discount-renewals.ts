import type { Tx } from '../../platform/db.ts';
import type { JobHandler } from '../../platform/jobs.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError } from '../../shared/errors.ts';
import { add, minor, type Amount, type Currency } from '../../shared/money.ts';
import { getMember } from '../../store/members.ts';
import { findOrder, type Order } from '../../store/orders.ts';
import { discountName } from './discount-name.ts';

/** What is taken off an order now, and off each renewal. */
export function discountsOf({ items, currency }: Pick<Order, 'items' | 'currency'>): {
  now: Amount<Currency>;
  atRenewal: Amount<Currency>;
} {
  const none = minor(currency, 0n);
  return {
    now: add(none, ...items.map((item) => item.discount)),
    atRenewal: add(none, ...items.map((item) => item.renewalDiscount)),
  };
}

/**
 * Whether the coupon of an order's payment page does for its renewals, too: they get as much taken off. Credit is spent once, so that its
 * coupon never does.
 */
export function couponRenews(order: Pick<Order, 'items' | 'currency' | 'credit'>): boolean {
  const { now, atRenewal } = discountsOf(order);
  return now > 0n && atRenewal === now && order.credit === null;
}

/**
 * Has the renewals of a paid order made cheaper, where the coupon of its payment page does not do it: a promotion is taken off once, and
 * what comes again after it is another discount, of another amount; credit is taken off once, too.
 */
export async function addRenewalDiscount(tx: Tx, order: Order, now: Date): Promise<void> {
  if (order.subscriptionId === null || discountsOf(order).atRenewal === 0n || couponRenews(order)) return;
  const payload = { orderId: order.id };
  await addJob(tx, { queue: 'payments', topic: 'subscription.discount', key: order.id, payload }, now);
}

/** Works off `subscription.discount`. Safe to repeat; the first renewal is a month away, so there is time. */
export const discountRenewals: JobHandler = async (services, job) => {
  const order = await findOrder(services.db, String(job.payload['orderId']));
  if (!order?.subscriptionId || !order.renewalDiscount) {
    throw new CodedError('internal', `order ${String(job.payload['orderId'])} has no renewals to discount`);
  }
  const { locale } = await getMember(services.db, order.memberId);
  const { id: orderId, subscriptionId, currency, renewalDiscount } = order;
  const name = discountName(renewalDiscount, locale);
  const coupon = { amount: discountsOf(order).atRenewal, currency, duration: 'forever', name } as const;
  await (await services.payments()).discountRenewals({ orderId, subscriptionId, coupon });
  await services.db.transaction((tx) => job.finish(tx));
};

import type { Stripe } from 'stripe';
import { reckon } from './amounts.ts';
import { automaticTax, taxRateAt } from './taxes.ts';
import type { TaxPlace } from './taxes.ts';
import type { World } from './world.ts';

type Session = Stripe.Checkout.Session;

/** Puts discount and tax on line items; both are reckoned from the list prices, so it may be done again when something changes. */
export function priceItems(
  items: Stripe.LineItem[],
  coupon: Stripe.Coupon | null,
  taxMillionths: number,
): Stripe.LineItem[] {
  const amounts = reckon(
    items.map((item) => item.amount_subtotal),
    coupon,
    taxMillionths,
  );
  return items.map((item, index) => {
    const { discount = 0, tax = 0, total = item.amount_subtotal } = amounts[index] ?? {};
    return { ...item, amount_discount: discount, amount_tax: tax, amount_total: total };
  });
}

/** Adds line items up as a session shows them. */
export function totalsOf(
  items: Stripe.LineItem[],
): Pick<Session, 'amount_subtotal' | 'amount_total'> & { total_details: Stripe.Checkout.Session.TotalDetails } {
  const sum = (of: (item: Stripe.LineItem) => number) => items.reduce((total, item) => total + of(item), 0);
  return {
    amount_subtotal: sum((item) => item.amount_subtotal),
    amount_total: sum((item) => item.amount_total),
    total_details: {
      amount_discount: sum((item) => item.amount_discount),
      amount_shipping: 0,
      amount_tax: sum((item) => item.amount_tax),
    },
  };
}

/** Reckons an open session anew for where its payer is; nothing changes where automatic tax is off. Answers the session. */
export function locateSession(world: World, session: Session, place: TaxPlace): Session {
  if (!session.automatic_tax.enabled || session.status !== 'open') return session;
  const plan = world.tables.sessionPlans.require(session.id);
  const coupon = plan.couponId ? world.tables.coupons.require(plan.couponId) : null;
  const lineItems = priceItems(plan.lineItems, coupon, taxRateAt(place));
  world.tables.sessionPlans.put({
    ...plan,
    lineItems,
    place: { country: place?.country ?? null, state: place?.state ?? null },
  });
  const located = world.tables.sessions.put({
    ...session,
    ...totalsOf(lineItems),
    automatic_tax: automaticTax(true, place),
  });
  const intent = plan.intentId ? world.tables.paymentIntents.get(plan.intentId) : undefined;
  if (intent) world.tables.paymentIntents.put({ ...intent, amount: located.amount_total ?? 0 });
  return located;
}

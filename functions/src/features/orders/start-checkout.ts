import { priceBook } from '../../store/catalog.ts';
import { linkPayments, touchMember, type Member } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { recordFacts, type Order } from '../../store/orders.ts';
import type { Services } from '../../platform/container.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { formatTokens } from '../../shared/format-amounts.ts';
import { add, minor, toMoney } from '../../shared/money.ts';
import type { NewCoupon, SessionLine } from '../../vendors/payments/port.ts';
import { ensurePrice } from '../../vendors/payments/ensure-price.ts';
import { discountName } from './discount-name.ts';
import { couponRenews, discountsOf } from './discount-renewals.ts';
import { placeOrder } from './place-order.ts';

/**
 * Makes an order and opens its payment page. Every step may be repeated under the same idempotency key: the order's id comes from
 * the key, the payment session's key from the order's id. Nothing is charged here; the order waits for the provider's word. Throws as
 * `placeOrder` does.
 */
export const startCheckout: Handler<'startCheckout'> = async (context, wish) => {
  const { services, suffix } = context;
  const orderId = idFromSuffix('order', suffix);
  const { member, order } = await services.db.transaction((tx) => placeOrder(tx, context, orderId, wish));
  const customerId = member.stripeCustomerId ?? (await setUpCustomer(services, member));
  const session = await (
    await services.payments()
  ).createSession({
    orderId,
    memberId: member.id,
    customerId,
    mode: order.mode,
    lines: await providerLines(services, order),
    coupon: couponOf(order, member),
    successUrl: `${services.policy.appUrl}/orders/${orderId}?checkout=done`,
    cancelUrl: `${services.policy.appUrl}/orders/${orderId}?checkout=cancelled`,
    expiresAt: order.expiresAt,
    locale: member.locale,
  });
  if (session.url === null) throw new CodedError('order.wrong_state', `the payment page of ${orderId} is closed`);
  const checkoutUrl = session.url;
  await services.db.transaction(async (tx) => {
    await recordFacts(tx, orderId, { checkoutSessionId: session.id, checkoutUrl });
    const isNew = await appendEvent(
      tx,
      { orderId, kind: 'checkout_opened', evidence: { checkoutSessionId: session.id } },
      services.clock.now(),
    );
    if (isNew) await touchMember(tx, member.id, services.clock.now());
  });
  return { orderId, checkoutUrl };
};

/** The account's set-up may not have come to this step yet; nobody should wait for it with a full basket. */
async function setUpCustomer(services: Services, member: Member): Promise<string> {
  const payments = await services.payments();
  const { customerId } = await payments.ensureCustomer({
    memberId: member.id,
    email: member.email,
    name: member.displayName,
    locale: member.locale,
  });
  await services.db.transaction((tx) => linkPayments(tx, member.id, customerId, services.clock.now()));
  return customerId;
}

async function providerLines(services: Services, order: Order): Promise<SessionLine[]> {
  const payments = await services.payments();
  const book = priceBook(services.db, services.clock.now());
  const lines: SessionLine[] = [];
  for (const { productId, name, billing: cycle, unit, quantity } of order.items) {
    const price = { productId, productName: name, cycle, currency: order.currency, amount: unit };
    lines.push({ priceId: await ensurePrice(payments, book, price), quantity });
  }
  return lines;
}

/**
 * The order's discount and credit at the provider, where prices are list prices: one coupon for all lines, so that the sums agree to the
 * cent. It comes again with each renewal when just as much is taken off there; else `addRenewalDiscount` sees to the renewals once the
 * order is paid.
 */
function couponOf(order: Order, { locale }: Member): NewCoupon | null {
  const { discount, credit, currency, mode } = order;
  if (!discount && !credit) return null;
  const amount = add(discountsOf(order).now, credit?.amount ?? minor(currency, 0n));
  const duration = mode === 'subscription' && couponRenews(order) ? 'forever' : 'once';
  const names = [
    ...(discount ? [discountName(discount, locale)] : []),
    ...(credit ? [formatTokens(toMoney('DOTM', credit.tokens), locale)] : []),
  ];
  return { amount, currency, duration, name: names.join(' + ') };
}

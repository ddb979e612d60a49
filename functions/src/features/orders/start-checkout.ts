import { priceBook, readCatalog, type CatalogProduct } from '../../store/catalog.ts';
import { ensureMember, linkPayments, touchMember, type Member } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { findOrder, insertOrder, recordFacts, type Order } from '../../store/orders.ts';
import { hasSubscription } from '../../store/subscriptions.ts';
import type { Services } from '../../platform/container.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler, MemberContext } from '../../platform/operations.ts';
import type { Tx } from '../../platform/db.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Id } from '../../shared/ids.ts';
import { add, times, type Amount, type Currency } from '../../shared/money.ts';
import type { SessionLine } from '../../vendors/payments/port.ts';
import { ensurePrice } from '../../vendors/payments/ensure-price.ts';

/** How long the payment page stays open. Stripe allows 30 minutes to 24 hours, counted from when the session is made. */
const openMinutes = 120;

interface Wish {
  items: { productId: string; quantity: number }[];
  currency: Currency;
}

/**
 * Makes an order and opens its payment page. Every step may be repeated under the same idempotency key: the order's id comes from
 * the key, the payment session's key from the order's id. Nothing is charged here; the order waits for the provider's word.
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

async function placeOrder(
  tx: Tx,
  { services, identity }: MemberContext,
  orderId: Id<'order'>,
  wish: Wish,
): Promise<{ member: Member; order: Order }> {
  const now = services.clock.now();
  const member = await ensureMember(tx, identity, now);
  const earlier = await findOrder(tx, orderId);
  if (earlier) return { member, order: earlier };
  const catalog = await readCatalog(tx, now);
  const chosen = wish.items.map((item, index) => choose(catalog.products, item, index, wish.currency));
  const mode = billingMode(chosen.map((item) => item.product));
  for (const { product } of chosen) {
    if (mode === 'subscription' && (await hasSubscription(tx, member.id, product.id))) {
      throw new CodedError('order.membership_active', `${member.id} has ${product.id} already`);
    }
  }
  await insertOrder(tx, {
    id: orderId,
    memberId: member.id,
    mode,
    currency: wish.currency,
    catalogVersion: catalog.version,
    total: add(...chosen.map((item) => times(item.unit, BigInt(item.quantity)))),
    createdAt: now,
    expiresAt: new Date(now.getTime() + openMinutes * 60_000),
    items: chosen.map(({ product, unit, quantity }, position) => ({
      position,
      productId: product.id,
      name: product.name,
      kind: product.kind,
      billing: product.billing,
      quantity,
      unit,
      rewardBasisPoints: product.rewardBasisPoints,
      dataBytes: product.dataBytes,
      includesLine: product.includesLine,
      oncePerPerson: product.oncePerPerson,
    })),
  });
  const order = await findOrder(tx, orderId);
  if (!order) throw new CodedError('internal', `order ${orderId} was not written`);
  return { member, order };
}

function choose(
  products: CatalogProduct[],
  item: { productId: string; quantity: number },
  index: number,
  currency: Currency,
): { product: CatalogProduct; quantity: number; unit: Amount<Currency> } {
  const product = products.find((candidate) => candidate.id === item.productId);
  const unit = product?.prices.get(currency);
  if (!product?.sellable || unit === undefined || unit === 0n) {
    throw new CodedError('catalog.product_unavailable', `${item.productId} is not sold in ${currency}`);
  }
  const alone = product.oncePerPerson || product.billing !== 'one_time';
  if (alone && item.quantity !== 1) {
    throw new CodedError('request.invalid', `${product.id} is sold one at a time`, {
      fields: [{ field: `items.${index}.quantity`, problem: `${product.id} is sold one at a time` }],
    });
  }
  return { product, quantity: item.quantity, unit };
}

/** One payment is either for things or for a period; Stripe bills all periods of one subscription together. */
function billingMode(products: CatalogProduct[]): 'payment' | 'subscription' {
  const billings = new Set(products.map((product) => product.billing));
  const ids = new Set(products.map((product) => product.id));
  if (ids.size !== products.length) {
    throw new CodedError('request.invalid', 'a product stands in the order twice', {
      fields: [{ field: 'items', problem: 'names a product twice; use quantity' }],
    });
  }
  if (billings.size !== 1)
    throw new CodedError('order.mixed_billing', 'one order holds products of one kind of billing');
  return billings.has('one_time') ? 'payment' : 'subscription';
}

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
  for (const { productId, name, billing, unit, quantity } of order.items) {
    const price = { productId, productName: name, billing, currency: order.currency, amount: unit };
    lines.push({ priceId: await ensurePrice(payments, book, price), quantity });
  }
  return lines;
}

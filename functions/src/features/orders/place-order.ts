import { assertPayable } from '../../domain/pricing/assert-payable.ts';
import { quotedDueNow, type Quote, type QuotedLine } from '../../domain/pricing/quote.ts';
import type { MemberContext } from '../../platform/operations.ts';
import type { Tx } from '../../platform/db.ts';
import type { CheckoutWish } from '../../shared/api/orders.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Id } from '../../shared/ids.ts';
import { minor, subtract } from '../../shared/money.ts';
import { readCatalogVersion, type Catalog } from '../../store/catalog.ts';
import { ensureMember, type Member } from '../../store/members.ts';
import { findOrder, insertOrder, type NewOrder, type Order } from '../../store/orders.ts';
import { reservePromotion } from '../../store/promotions.ts';
import { holdForOrder } from '../../store/reward-uses.ts';
import { hasSubscription } from '../../store/subscriptions.ts';
import { agreeCredit, creditTerms } from './agree-credit.ts';
import { agreePrice } from './agree-price.ts';

/** How long the payment page stays open. Stripe allows 30 minutes to 24 hours, counted from when the session is made. */
const openMinutes = 120;

/**
 * Writes an order, or finds the one that an earlier attempt wrote, at the price that `agreePrice` says. What a price does not say is checked
 * here, also for a quote: that nobody has twice what is had once, and that the promotion and the tokens for the credit are still to be
 * had, which the order then holds. Throws `order.once_per_person`, `order.membership_active`, `promotion.unavailable`,
 * `reward.insufficient`, and as `agreePrice`, `agreeCredit` and `assertPayable` do.
 */
export async function placeOrder(
  tx: Tx,
  { services, identity }: MemberContext,
  orderId: Id<'order'>,
  wish: CheckoutWish,
): Promise<{ member: Member; order: Order }> {
  const now = services.clock.now();
  const member = await ensureMember(tx, identity, now);
  const earlier = await findOrder(tx, orderId);
  // A quote that has expired since the first attempt was honoured by it.
  if (earlier) return { member, order: earlier };
  const { quote, quotedAt } = await agreePrice(tx, services, member.id, wish);
  const catalog = await readCatalogVersion(tx, quote.catalogVersion);
  const mode = assertPayable(catalog, quote.lines);
  await assertNotHeld(tx, member.id, quote);
  const credit =
    wish.credit === undefined ? null : agreeCredit(await creditTerms(tx, member.id, quote, catalog), wish.credit);
  await insertOrder(tx, {
    id: orderId,
    memberId: member.id,
    mode,
    currency: quote.currency,
    catalogVersion: quote.catalogVersion,
    total: subtract(quotedDueNow(quote), credit?.amount ?? minor(quote.currency, 0n)),
    credit,
    discount: quote.discount,
    renewalDiscount: quote.renewalDiscount,
    quotedAt,
    createdAt: now,
    expiresAt: new Date(now.getTime() + openMinutes * 60_000),
    items: quote.lines.map((line, position) => ({ position, ...itemOf(catalog, line) })),
  });
  if (quote.discount?.kind === 'promotion') {
    const redemption = { code: quote.discount.id, orderId, memberId: member.id, at: quotedAt ?? now };
    await reservePromotion(tx, redemption, now);
  }
  if (credit) await holdForOrder(tx, member.id, orderId, credit.tokens, now);
  const order = await findOrder(tx, orderId);
  if (!order) throw new CodedError('internal', `order ${orderId} was not written`);
  return { member, order };
}

/** What renews is had once: a second subscription to it would be paid for nothing. */
async function assertNotHeld(tx: Tx, memberId: string, { lines }: Quote): Promise<void> {
  for (const { productId, cycle } of lines) {
    if (cycle !== 'one_time' && (await hasSubscription(tx, memberId, productId))) {
      throw new CodedError('order.membership_active', `${memberId} has ${productId} already`);
    }
  }
}

function itemOf({ products, version }: Catalog, line: QuotedLine): Omit<NewOrder['items'][number], 'position'> {
  const product = products.find(({ id }) => id === line.productId);
  if (!product) throw new CodedError('internal', `catalogue ${version} holds no ${line.productId}`);
  return {
    productId: product.id,
    name: product.name,
    kind: product.kind,
    billing: line.cycle,
    quantity: line.quantity,
    unit: line.unit,
    discount: line.discount,
    renewalDiscount: line.renewalDiscount,
    rewardBasisPoints: product.rewardBasisPoints,
    dataBytes: product.dataBytes === null ? null : BigInt(product.dataBytes),
    includesLine: product.includesLine,
    oncePerPerson: product.oncePerPerson,
  };
}

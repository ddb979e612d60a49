import { findPrice } from '../../domain/catalog/find-price.ts';
import { directionOf, type Plan } from '../../domain/billing/plan-direction.ts';
import type { SubscriptionCycle } from '../../domain/billing/proration.ts';
import type { Services } from '../../platform/container.ts';
import type { VerifiedToken } from '../../platform/users.ts';
import type { Product } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import { minor, times, type Amount, type Currency } from '../../shared/money.ts';
import { priceBook, readCatalog, type Catalog } from '../../store/catalog.ts';
import { currentMember, type Member } from '../../store/members.ts';
import { findOpenPlanChange, type ChangedPlan, type PlanChange } from '../../store/plan-changes.ts';
import { getOwnSubscription, type OwnSubscription } from '../../store/subscriptions.ts';
import { ensurePrice } from '../../vendors/payments/ensure-price.ts';
import type { SubscriptionItem } from '../../vendors/payments/port.ts';

/** Which plan somebody wants. */
export interface PlanWish {
  subscriptionId: string;
  productId: string;
  cycle: SubscriptionCycle;
}

/** A wish that can be granted, with all that its preview and its deed need to know. */
export interface GrantableWish {
  kind: 'upgrade' | 'downgrade' | 'keep';
  member: Member;
  own: OwnSubscription;
  currency: Currency;
  quantity: number;
  /** What runs now. */
  from: ChangedPlan;
  to: ChangedPlan;
  product: Product;
  catalog: Catalog;
  periodStart: Date;
  periodEnd: Date;
  /** The downgrade that is planned, of a wish to keep; null when there is none, and nothing is to be done. */
  planned: PlanChange | null;
}

/**
 * Finds out whether a wish can be granted, by our rows, by the catalogue of today and by the subscription as the provider holds it. Throws
 * `not_found`, `plan.unavailable`, `plan.change_pending`, `vendor.unavailable`.
 */
export async function readWish(services: Services, identity: VerifiedToken, wish: PlanWish): Promise<GrantableWish> {
  const { db, clock } = services;
  const now = clock.now();
  const member = await currentMember(db, identity, now);
  const own = await getOwnSubscription(db, wish.subscriptionId, member.id);
  if (!own.view.changeable) throw unavailable(own, 'it does not run, is to end, or has a discount of its own');
  const planned = await findOpenPlanChange(db, own.id);
  const keeps = wish.productId === own.view.productId && wish.cycle === own.view.cycle;
  if (planned && (!keeps || planned.state === 'requested')) {
    throw new CodedError('plan.change_pending', `change ${planned.id} of ${own.id} is ${planned.state}`);
  }
  const { item, items } = await readItem(services, own);
  const { currency, quantity } = item;
  const catalog = await readCatalog(db, now);
  const product = catalog.products.find(({ id }) => id === wish.productId);
  const unit = keeps ? (planned?.from.unit ?? item.amount) : product && findPrice(product, currency, wish.cycle);
  if (!product?.sellable || !unit)
    throw unavailable(own, `${wish.productId} has no price in ${currency}, ${wish.cycle}`);
  const from = planned?.from ?? fromItem(item, own);
  const base = { member, own, currency, quantity, from, product, catalog, periodStart: item.periodStart };
  const periodEnd = planned?.periodEnd ?? item.periodEnd;
  if (keeps) {
    return { ...base, kind: 'keep', to: from, periodEnd, planned };
  }
  const kindOf = (id: string) => catalog.products.find((each) => each.id === id)?.kind ?? '';
  const wanted: Plan = planOf({ ...wish, unit }, quantity, product.kind);
  const kind = directionOf(planOf(from, quantity, kindOf(from.productId)), wanted);
  if (kind === null || kind === 'same') throw unavailable(own, `${wish.productId} does not take its place`);
  if (wish.cycle !== from.cycle && items > 1) {
    throw unavailable(own, 'it is billed together with others, which would have to change their rhythm, too');
  }
  const price = { productId: product.id, productName: product.name, cycle: wish.cycle, currency, amount: unit };
  const priceId = await ensurePrice(await services.payments(), priceBook(db, now), price);
  return { ...base, kind, to: { productId: product.id, cycle: wish.cycle, priceId, unit }, periodEnd, planned: null };
}

function unavailable(own: OwnSubscription, why: string): CodedError {
  return new CodedError('plan.unavailable', `the plan of ${own.id} can't be changed so: ${why}`);
}

function planOf(plan: Pick<ChangedPlan, 'productId' | 'cycle' | 'unit'>, quantity: number, kind: string): Plan {
  const { productId, cycle, unit } = plan;
  return { productId, cycle, kind, amount: priceOf(unit, quantity) };
}

/** What all pieces cost for a period. */
export function priceOf(unit: Amount<Currency>, quantity: number): Amount<Currency> {
  return times(unit, BigInt(quantity));
}

function fromItem(item: SubscriptionItem, own: OwnSubscription): ChangedPlan {
  const { cycle } = own.view;
  if (cycle === null) throw unavailable(own, 'its rhythm is not one that we sell');
  return { productId: own.view.productId, cycle, priceId: item.priceId, unit: item.amount };
}

async function readItem(services: Services, own: OwnSubscription): Promise<{ item: SubscriptionItem; items: number }> {
  const state = await (await services.payments()).getSubscription(own.stripeSubscriptionId);
  const item = state?.items.find(({ id }) => id === own.stripeItemId);
  if (!state || !item || state.discounted || state.cancelAtPeriodEnd) {
    throw unavailable(own, 'the payment provider holds it otherwise');
  }
  return { item, items: state.items.length };
}

/** Nothing, in a currency. */
export function nothing(currency: Currency): Amount<Currency> {
  return minor(currency, 0n);
}

import { prorate } from '../../domain/billing/proration.ts';
import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import { toMoney, type Amount, type Currency } from '../../shared/money.ts';
import type { PlanPreview } from '../../shared/api/billing.ts';
import { nothing, priceOf, type GrantableWish } from './plan-wish.ts';

/** What a change costs. Of an upgrade it is what the payment provider says; anything else costs nothing now. */
export interface Reckoning {
  at: Date;
  credit: Amount<Currency>;
  charge: Amount<Currency>;
  tax: Amount<Currency>;
  dueNow: Amount<Currency>;
  nextRenewal: { at: Date; amount: bigint };
}

/**
 * Reckons a change for the second `at`, twice: by our own arithmetic and by the payment provider's preview. Where they differ, operators
 * hear of it and the provider's figures count, because they are what is charged. Throws `vendor.unavailable`.
 */
export async function reckonChange(services: Services, wish: GrantableWish, at: Date): Promise<Reckoning> {
  const { kind, currency, quantity, from, to, periodStart: start, periodEnd: end } = wish;
  const none = nothing(currency);
  if (kind !== 'upgrade') {
    const nextRenewal = { at: end, amount: priceOf(to.unit, quantity) };
    return { at, credit: none, charge: none, tax: none, dueNow: none, nextRenewal };
  }
  const plan = ({ unit, cycle }: typeof from) => ({ amount: priceOf(unit, quantity), cycle });
  const ours = prorate(plan(from), plan(to), { start, end, at });
  const swap = {
    subscriptionId: wish.own.stripeSubscriptionId,
    itemId: wish.own.stripeItemId ?? '',
    priceId: to.priceId,
  };
  const theirs = await (await services.payments()).previewSwap(swap, at);
  if (theirs.credit !== ours.credit || theirs.charge !== ours.charge) {
    const message = `a change of ${wish.own.id} from ${from.productId} to ${to.productId} at ${at.toISOString()} costs ${theirs.charge} less ${theirs.credit} by the payment provider, ${ours.charge} less ${ours.credit} by our reckoning. The provider's is charged: find out why they differ.`;
    await raiseAlert(services.db, { kind: 'proration_differs', subject: wish.own.id, message }, services.clock.now());
  }
  const { credit, charge, tax, dueNow } = theirs;
  return { at, credit, charge, tax, dueNow, nextRenewal: ours.nextRenewal };
}

/** The second that a change asked for now is reckoned for: whole, as the provider counts, and within the period. */
export function pinnedSecond(wish: GrantableWish, now: Date): Date {
  const at = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return at < wish.periodStart ? wish.periodStart : at > wish.periodEnd ? wish.periodEnd : at;
}

/** Writes a reckoning as the API shows it. */
export function viewReckoning(wish: GrantableWish, reckoning: Reckoning): PlanPreview {
  const { kind, currency, quantity, from, to, periodEnd } = wish;
  const { at, credit, charge, tax, dueNow, nextRenewal } = reckoning;
  const money = (amount: bigint) => toMoney(currency, amount);
  const view = ({ productId, cycle, unit }: typeof from) => ({
    productId,
    cycle,
    price: money(priceOf(unit, quantity)),
  });
  return {
    kind,
    from: view(from),
    to: view(to),
    effectiveAt: (kind === 'downgrade' ? periodEnd : at).toISOString(),
    prorationDate: at.toISOString(),
    daysLeft: Math.max(0, Math.ceil((periodEnd.getTime() - at.getTime()) / 86_400_000)),
    credit: money(credit),
    charge: money(charge),
    tax: money(tax),
    dueNow: money(dueNow),
    nextRenewal: { at: nextRenewal.at.toISOString(), price: money(nextRenewal.amount) },
  };
}

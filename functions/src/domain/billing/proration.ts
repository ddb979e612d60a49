import type { BillingCycle } from '../pricing/catalog.ts';

/** How often a subscription is billed. */
export type SubscriptionCycle = Exclude<BillingCycle, 'one_time'>;

/** What a subscription costs for one period, in minor units, all pieces together, before tax. */
export interface PlanPrice {
  readonly amount: bigint;
  readonly cycle: SubscriptionCycle;
}

/** What changing a plan at once costs, in minor units before tax. */
export interface Proration {
  /** For the time of the old plan that is paid for and will not be used. */
  readonly credit: bigint;
  /** For the new plan until the next renewal. */
  readonly charge: bigint;
  /** `charge` less `credit`, and nothing when the credit is larger. */
  readonly dueNow: bigint;
  readonly nextRenewal: { readonly at: Date; readonly amount: bigint };
}

/**
 * Reckons a change of plan at `at` as Stripe does: to the second, each of the two positions rounded to a whole minor unit on its own, half
 * up (https://docs.stripe.com/billing/subscriptions/prorations says "to the second" and is silent on halves; that is assumed, and each
 * preview is compared with Stripe's own). Within one rhythm the period stays; another rhythm begins a new period at `at`, charged whole.
 * Throws RangeError unless start <= at <= end and start < end.
 */
export function prorate(from: PlanPrice, to: PlanPrice, period: { start: Date; end: Date; at: Date }): Proration {
  const [start, end, at] = [seconds(period.start), seconds(period.end), seconds(period.at)];
  if (start >= end || at < start || at > end) {
    throw new RangeError(
      `${period.at.toISOString()} is not within ${period.start.toISOString()} to ${period.end.toISOString()}`,
    );
  }
  const share = (amount: bigint) => roundedShare(amount, end - at, end - start);
  const sameRhythm = from.cycle === to.cycle;
  const credit = share(from.amount);
  const charge = sameRhythm ? share(to.amount) : to.amount;
  const renewsAt = sameRhythm ? period.end : addCycle(period.at, to.cycle);
  return {
    credit,
    charge,
    dueNow: charge > credit ? charge - credit : 0n,
    nextRenewal: { at: renewsAt, amount: to.amount },
  };
}

/** `amount * part / whole` for amounts from 0, rounded to the nearest, half up. */
function roundedShare(amount: bigint, part: bigint, whole: bigint): bigint {
  return (2n * amount * part + whole) / (2n * whole);
}

/** Stripe counts time in whole seconds. */
function seconds(date: Date): bigint {
  return BigInt(Math.floor(date.getTime() / 1000));
}

/** Adds a month or a year in UTC; the last day of a shorter month stands for a day that it lacks. */
export function addCycle(date: Date, cycle: SubscriptionCycle): Date {
  const months = cycle === 'annual' ? 12 : 1;
  const result = new Date(date);
  result.setUTCMonth(result.getUTCMonth() + months);
  if (result.getUTCDate() !== date.getUTCDate()) result.setUTCDate(0);
  return result;
}

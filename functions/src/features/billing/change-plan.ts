import { idFromSuffix } from '../../platform/ids.ts';
import { addJob } from '../../platform/outbox.ts';
import type { Services } from '../../platform/container.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Id } from '../../shared/ids.ts';
import { fromMoney, subtract, type Money } from '../../shared/money.ts';
import { currentMember } from '../../store/members.ts';
import { insertOrder, type NewOrder } from '../../store/orders.ts';
import { findPlanChange, insertPlanChange, type PlanChange } from '../../store/plan-changes.ts';
import { getOwnSubscription } from '../../store/subscriptions.ts';
import { carryOutChange } from './carry-out-change.ts';
import { keepPlan } from './keep-plan.ts';
import { nothing, readWish, type GrantableWish } from './plan-wish.ts';
import { reckonChange, type Reckoning } from './reckon-change.ts';

/** How long a preview may be looked at before its second is too long ago to be charged. */
const previewMinutes = 30;
/** Clocks differ a little between those who show and those who charge. */
const aheadSeconds = 60;
/** An upgrade that was not billed by then is given up by the sweeper; its job has ended long before. */
const openMinutes = 120;
/** The call that began the change has died by then: no operation runs longer. */
const takeOverSeconds = 90;

/**
 * Changes a plan: up at once, for what the preview showed, down at the next renewal; a planned downgrade is taken back by changing to the
 * plan that runs. Safe to repeat under the same idempotency key. When this process dies, or the provider does not answer, a job goes on.
 * Throws `payment.refused`, and then nothing has changed.
 */
export const changePlan: Handler<'changePlan'> = async ({ services, identity, suffix }, wish) => {
  const { db, clock } = services;
  const id = idFromSuffix('planChange', suffix);
  const begun = await findPlanChange(db, id);
  if (!begun) {
    const granted = await readWish(services, identity, wish);
    const reckoning = await reckonAsShown(services, granted, wish);
    if (granted.kind === 'keep') {
      await keepPlan(services, granted);
      return answer('kept', null);
    }
    const orderId = granted.kind === 'upgrade' ? idFromSuffix('order', suffix) : null;
    await request(services, granted, reckoning, { id, orderId });
  }
  const state = await carryOutChange(services, id, { isRepeated: begun !== null }).catch((error: unknown) => {
    if (error instanceof CodedError && error.code === 'vendor.unavailable') return 'requested' as const;
    throw error;
  });
  const change = await findPlanChange(db, id);
  if (state === 'refused') throw new CodedError('payment.refused', `change ${id} was refused`);
  return answer(outcomes[state], change?.orderId ?? null);

  async function answer(outcome: (typeof outcomes)[keyof typeof outcomes] | 'kept', orderId: Id<'order'> | null) {
    const member = await currentMember(db, identity, clock.now());
    const { view } = await getOwnSubscription(db, wish.subscriptionId, member.id);
    return { outcome, orderId, subscription: view };
  }
};

const outcomes = { requested: 'pending', scheduled: 'scheduled', done: 'done', undone: 'done' } as const;

/** Reckons once more for the second that was shown. Throws `plan.preview_outdated` when that is long ago, or the price is another by now. */
async function reckonAsShown(
  services: Services,
  granted: GrantableWish,
  shown: { prorationDate: string; dueNow: Money },
): Promise<Reckoning> {
  const at = new Date(shown.prorationDate);
  const age = (services.clock.now().getTime() - at.getTime()) / 1000;
  const isWithin = at >= granted.periodStart && at <= granted.periodEnd;
  if (age > previewMinutes * 60 || age < -aheadSeconds || !isWithin) {
    throw new CodedError('plan.preview_outdated', `the preview of ${granted.own.id} is of ${shown.prorationDate}`);
  }
  const reckoning = await reckonChange(services, granted, at);
  if (shown.dueNow.unit !== granted.currency || amountShown(shown.dueNow) !== reckoning.dueNow) {
    const { amount, unit } = shown.dueNow;
    throw new CodedError(
      'plan.preview_outdated',
      `${granted.own.id} costs ${reckoning.dueNow} minor units, not ${amount} ${unit}`,
    );
  }
  return reckoning;
}

/** Null for more decimals than the currency has: that was never shown. */
function amountShown(money: Money): bigint | null {
  try {
    return fromMoney(money);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Writes down what is going to be done, with the order that an upgrade's charge is, and who goes on when this process dies. */
async function request(
  services: Services,
  granted: GrantableWish,
  reckoning: Reckoning,
  ids: { id: PlanChange['id']; orderId: Id<'order'> | null },
): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    if (ids.orderId !== null) await insertOrder(tx, upgradeOrder(ids.orderId, granted, reckoning, now));
    const { member, own, from, to, quantity, currency, catalog, periodEnd } = granted;
    await insertPlanChange(tx, {
      ...ids,
      memberId: member.id,
      subscriptionId: own.id,
      stripeItemId: own.stripeItemId ?? '',
      kind: granted.kind === 'upgrade' ? 'upgrade' : 'downgrade',
      from,
      to,
      quantity,
      currency,
      catalogVersion: catalog.version,
      prorationAt: reckoning.at,
      periodEnd,
      requestedAt: now,
    });
    const runAt = new Date(now.getTime() + takeOverSeconds * 1000);
    await addJob(
      tx,
      { queue: 'payments', topic: 'plan.change', key: ids.id, payload: { changeId: ids.id }, runAt },
      now,
    );
  });
}

/** The order of an upgrade: what is charged for the goods is its one item's price, so that rewards are for what was paid. */
function upgradeOrder(
  id: Id<'order'>,
  { member, own, from, to, product, currency, catalog }: GrantableWish,
  { dueNow, tax }: Reckoning,
  now: Date,
): NewOrder {
  const none = nothing(currency);
  const goods = subtract(dueNow, tax);
  // Another rhythm of the same product puts nothing new on the line.
  const isOther = to.productId !== from.productId;
  return {
    id,
    memberId: member.id,
    mode: 'subscription',
    currency,
    catalogVersion: catalog.version,
    total: goods,
    discount: null,
    renewalDiscount: null,
    quotedAt: null,
    createdAt: now,
    expiresAt: new Date(now.getTime() + openMinutes * 60_000),
    items: [
      {
        position: 0,
        productId: product.id,
        name: product.name,
        kind: product.kind,
        billing: to.cycle,
        quantity: 1,
        unit: goods,
        discount: none,
        renewalDiscount: none,
        rewardBasisPoints: product.rewardBasisPoints,
        dataBytes: isOther && product.dataBytes !== null ? BigInt(product.dataBytes) : null,
        includesLine: isOther && product.includesLine,
        oncePerPerson: false,
      },
    ],
    renewal: { invoiceId: null, subscriptionId: own.stripeSubscriptionId },
  };
}

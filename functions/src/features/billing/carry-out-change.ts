import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import type { Job, JobHandler } from '../../platform/jobs.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError } from '../../shared/errors.ts';
import { queueMail } from '../../store/mails.ts';
import { lockOrder, moveOrder } from '../../store/orders.ts';
import {
  findPlanChange,
  lockPlanChange,
  movePlanChange,
  type PlanChange,
  type PlanChangeState,
} from '../../store/plan-changes.ts';
import { getOwnSubscription, saveSubscription } from '../../store/subscriptions.ts';
import type { SubscriptionState } from '../../vendors/payments/port.ts';
import { seenSubscription } from '../../vendors/payments/seen-subscription.ts';

/**
 * Has the payment provider make a change that was written down, and keeps what came of it. Safe to repeat, and for two at once: the
 * provider's key comes from the change. Gives the state that the change is in then. Throws `vendor.unavailable` (try again).
 */
export async function carryOutChange(
  services: Services,
  changeId: string,
  { isRepeated }: { isRepeated: boolean },
): Promise<PlanChangeState> {
  const change = await findPlanChange(services.db, changeId);
  if (!change) throw new CodedError('not_found', `no change of plan ${changeId}`);
  if (change.state !== 'requested') return change.state;
  const seenAt = services.clock.now();
  try {
    const made = (isRepeated ? await findMade(services, change) : null) ?? (await make(services, change));
    return await services.db.transaction((tx) => keep(tx, services, change, made, seenAt));
  } catch (error) {
    if (!(error instanceof CodedError) || error.retry) throw error;
    if (error.code !== 'payment.refused' && error.code !== 'vendor.refused') throw error;
    return services.db.transaction((tx) => refuse(tx, services, changeId));
  }
}

/** What an earlier attempt made: the provider forgets a key after a day, and remembers a failure of its own for as long. */
async function findMade(services: Services, change: PlanChange): Promise<SubscriptionState | null> {
  const state = await (await services.payments()).getSubscription(change.stripeSubscriptionId);
  const item = state?.items.find(({ id }) => id === change.stripeItemId);
  return state && item?.priceId === change.to.priceId && state.status !== 'canceled' ? state : null;
}

async function make(services: Services, change: PlanChange): Promise<SubscriptionState> {
  const payments = await services.payments();
  const swap = {
    key: change.id,
    subscriptionId: change.stripeSubscriptionId,
    itemId: change.stripeItemId,
    priceId: change.to.priceId,
  };
  if (change.kind === 'upgrade') {
    return payments.swapNow({ ...swap, at: change.prorationAt, metadata: { plan_change_id: change.id } });
  }
  return payments.swapAtRenewal({
    ...swap,
    holdUntil: change.from.cycle === change.to.cycle ? null : change.periodEnd,
  });
}

async function keep(
  tx: Tx,
  services: Services,
  { id, orderId, kind, memberId, subscriptionId }: PlanChange,
  made: SubscriptionState,
  seenAt: Date,
): Promise<PlanChangeState> {
  const now = services.clock.now();
  if (orderId !== null) await lockOrder(tx, orderId);
  const change = await lockPlanChange(tx, id);
  const { orderId: firstOrder } = await getOwnSubscription(tx, subscriptionId, memberId);
  await saveSubscription(tx, { ...seenSubscription(made), memberId, orderId: firstOrder, seenAt }, now);
  if (change.state !== 'requested') return change.state;
  const state = kind === 'upgrade' ? 'done' : 'scheduled';
  await movePlanChange(tx, id, ['requested'], state, now);
  if (orderId !== null && made.latestInvoiceId !== null) {
    const payload = { orderId, invoiceId: made.latestInvoiceId };
    await addJob(tx, { queue: 'payments', topic: 'order.settle_invoice', key: orderId, payload }, now);
  }
  return state;
}

/** The card, or the provider itself, refused: nothing has changed, and the order of the charge is given up. */
async function refuse(tx: Tx, services: Services, changeId: string): Promise<PlanChangeState> {
  const now = services.clock.now();
  const found = await findPlanChange(tx, changeId);
  const order = found?.orderId == null ? null : await lockOrder(tx, found.orderId);
  const change = await lockPlanChange(tx, changeId);
  if (!(await movePlanChange(tx, changeId, ['requested'], 'refused', now))) return change.state;
  if (order?.state === 'created') await moveOrder(tx, order, 'expired', { kind: 'payment_failed', evidence: {} }, now);
  return 'refused';
}

/** Works off `plan.change`: goes on where the call that began it died, or could not reach the provider. */
export const carryOutRequested: JobHandler = async (services, job) => {
  const changeId = String(job.payload['changeId']);
  const before = await findPlanChange(services.db, changeId);
  const state = await carryOutChange(services, changeId, { isRepeated: true });
  await services.db.transaction(async (tx) => {
    // Nobody was there to see the refusal.
    if (before?.state === 'requested' && state === 'refused') await tellRefused(tx, services, before);
    await job.finish(tx);
  });
};

async function tellRefused(tx: Tx, services: Services, { orderId, memberId }: PlanChange): Promise<void> {
  if (orderId === null) return;
  await queueMail(tx, { memberId, kind: 'payment_failed', key: orderId, refersTo: { orderId } }, services.clock.now());
}

/** The provider could not be reached for half an hour: the change is given up, and nobody is charged for it later. */
export async function giveUpChange(tx: Tx, services: Services, job: Job): Promise<void> {
  await refuse(tx, services, String(job.payload['changeId']));
}

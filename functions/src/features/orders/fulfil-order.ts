import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { TryLater, type Job, type JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { getMember, type Member } from '../../store/members.ts';
import { findFirstPayment, findOrder, lockOrder, moveOrder, type Order } from '../../store/orders.ts';
import { startRefund } from '../../store/refunds.ts';
import { ensureLine } from './ensure-line.ts';
import { ensurePlans } from './ensure-plans.ts';
import { releaseOrder } from './release-order.ts';
import { undelivered } from '../../domain/orders/transitions.ts';

/** The account's own set-up runs in the same lane; a new member's order waits for it. */
const setUpWaitSeconds = 2;

/**
 * Works off `order.fulfil`: line, plan, activation code, release. Every step looks at what is there before it acts, so the job may
 * be cut off anywhere and run again. It runs alone in its member's lane. When it gives up, the money goes back (`refundUnfulfilled`).
 */
export const fulfilOrder: JobHandler = async (services, job) => {
  const order = await beginProvisioning(services, job);
  if (!order) return;
  const member = await getMember(services.db, order.memberId);
  const line = needsLine(order)
    ? await ensureLine(services, job, order, { endUserId: carrierUser(member), since: await since(services, order) })
    : null;
  if (line) await ensurePlans(services, job, order, line);
  await services.db.transaction(async (tx) => {
    const latest = await lockOrder(tx, order.id);
    if (undelivered.includes(latest.state)) await releaseOrder(tx, services, latest, line);
    await job.finish(tx);
  });
};

async function beginProvisioning(services: Services, job: Job): Promise<Order | null> {
  return services.db.transaction(async (tx) => {
    const order = await lockOrder(tx, String(job.payload['orderId']));
    if (!undelivered.includes(order.state)) {
      await job.finish(tx);
      return null;
    }
    if (order.state === 'paid') {
      await moveOrder(tx, order, 'provisioning', { kind: 'provisioning_started', evidence: {} }, services.clock.now());
    }
    return order;
  });
}

function needsLine(order: Order): boolean {
  return order.items.some((item) => item.includesLine || item.dataBytes !== null);
}

function carrierUser(member: Member): string {
  if (member.oxioEndUserId === null)
    throw new TryLater('the account is not set up at the carrier yet', setUpWaitSeconds);
  return member.oxioEndUserId;
}

/**
 * What an attempt of ours made at the carrier can't be older than the member's first payment: also the line of an order that was
 * refunded while the carrier was still making it. What is older is the end user's own, from before. Two minutes allow for clocks
 * that differ.
 */
async function since(services: Services, order: Order): Promise<Date> {
  const first = await findFirstPayment(services.db, order.memberId);
  return new Date((first ?? order.createdAt).getTime() - 120_000);
}

/** The carrier refused for good or too often: the member gets the money back without a person stepping in. */
export async function refundUnfulfilled(tx: Tx, services: Services, job: Job): Promise<void> {
  const found = await findOrder(tx, String(job.payload['orderId']));
  if (!found) throw new CodedError('not_found', `no order ${String(job.payload['orderId'])}`);
  const order = await lockOrder(tx, found.id);
  if (!undelivered.includes(order.state)) return;
  await startRefund(tx, order, { key: 'not_connected', reason: 'not_connected' }, services.clock.now());
}

/** The deadline passed: same promise, same way. */
export async function refundOverdue(services: Services, orderId: string): Promise<boolean> {
  return services.db.transaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    const now = services.clock.now();
    if (!undelivered.includes(order.state) || order.deadlineAt === null || order.deadlineAt > now) return false;
    return startRefund(tx, order, { key: 'not_connected', reason: 'deadline' }, now);
  });
}

import { audit } from '../../platform/audit.ts';
import type { Services } from '../../platform/container.ts';
import { TryLater, type Job, type JobHandler } from '../../platform/jobs.ts';
import { log } from '../../platform/log.ts';
import { isBeingSetUp, markSubscriptionsCanceled, pseudonymiseMember } from '../../store/erasure.ts';
import { findMailByKey, queueMail } from '../../store/mails.ts';
import { getMember, type Member } from '../../store/members.ts';
import { listOrdersOf } from '../../store/orders.ts';
import { lapseRewards } from '../../store/reward-notes.ts';
import { listRunningSubscriptions } from '../../store/subscriptions.ts';
import { raiseCarrierErasure } from './add-erasure.ts';
import { settleOpenOrders } from './settle-open-orders.ts';

/** Erasure waits at most this long for refunds to arrive and the last mail to leave: the person's wish weighs more. */
const patienceMs = 60 * 60_000;

/** More orders than any member has. */
const allOrders = 10_000;

/**
 * Works off `account.erase`, for a member who deleted the account or whose sign-in was deleted by an operator. In this order, each
 * step safe to repeat: the sign-in goes (nothing new begins), open orders are given up or refunded, subscriptions end, the last mail
 * leaves while there is an address, the payment provider forgets the customer, our rows forget the person, the projection goes.
 * For a member who is erased already it only has the vendors forget what turned up later.
 */
export const eraseMember: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const member = await getMember(db, String(job.payload['memberId']));
  // Our rows forget the uid before the projection is deleted by it.
  if (member.uid !== null) await job.remember(db, { uid: member.uid });
  const uid = typeof job.payload['uid'] === 'string' ? job.payload['uid'] : null;
  if (uid !== null) await (await services.users()).remove(uid);
  if (member.erasedAt === null) await windUp(services, job, member);
  if (member.stripeCustomerId !== null) await (await services.payments()).eraseCustomer(member.stripeCustomerId);
  if (member.erasedAt === null) await forget(services, member, uid);
  // After our rows: a projection that is being written at this moment looks at them once more when it is done.
  if (uid !== null) await (await services.documents()).deleteTree(`members/${uid}`);
  await db.transaction(async (tx) => {
    await job.remember(tx, { uid: null });
    await job.finish(tx);
  });
  log.memberErased(member.id, clock.now().getTime() - job.createdAt.getTime());
};

async function windUp(services: Services, job: Job, member: Member): Promise<void> {
  const mayWait = services.clock.now().getTime() - job.createdAt.getTime() < patienceMs;
  if (mayWait && (await isBeingSetUp(services.db, member.id)))
    throw new TryLater('the account is still being set up', 5);
  const settled = await settleOpenOrders(services, member);
  if (!settled && mayWait) throw new TryLater('open orders are being given up or refunded', 15);
  await cancelSubscriptions(services, member);
  const said = await sayGoodbye(services, member);
  if (!said && mayWait) throw new TryLater('the last mail is on its way', 5);
}

/** Also those that our table doesn't know yet because the event about them is still on its way. */
async function cancelSubscriptions(services: Services, member: Member): Promise<void> {
  const running = await listRunningSubscriptions(services.db, member.id);
  const orders = await listOrdersOf(services.db, member.id, allOrders);
  const ids = new Set([...running, ...orders.flatMap((order) => order.subscriptionId ?? [])]);
  if (ids.size === 0) return;
  const payments = await services.payments();
  for (const id of ids) await payments.cancelSubscription(id);
  await services.db.transaction((tx) => markSubscriptionsCanceled(tx, [...ids]));
}

/** Queues the last mail once. True when nothing is left to wait for. */
async function sayGoodbye(services: Services, member: Member): Promise<boolean> {
  if (member.email === null) return true;
  const { db, clock } = services;
  const mail = { memberId: member.id, kind: 'account_deleted', key: member.id, refersTo: {} } as const;
  await db.transaction((tx) => queueMail(tx, mail, clock.now()));
  const queued = await findMailByKey(db, mail.kind, mail.key);
  return queued !== null && (queued.sentAt !== null || queued.notSentBecause !== null);
}

async function forget(services: Services, member: Member, uid: string | null): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    if (!(await pseudonymiseMember(tx, member.id, uid, now))) return;
    await lapseRewards(tx, member.id, now);
    if (member.oxioEndUserId !== null) await raiseCarrierErasure(tx, member.id, now);
    await audit(tx, { actor: 'system', role: null, action: 'account.erased', subject: member.id }, now);
  });
}

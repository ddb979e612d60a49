import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { CodedError } from '../../shared/errors.ts';
import { queueMail } from '../../store/mails.ts';
import { getMember, touchMember } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { findOrder, lockOrder, moveOrder, recordFacts, type Order } from '../../store/orders.ts';
import type { PaymentSession, Refund } from '../../vendors/payments/port.ts';
import { applyRefund } from './apply-refund.ts';
import type { Payment } from './settle-payment.ts';
import { settlePayment } from './settle-payment.ts';

/** What came of looking at a payment session; kept with the event. */
export type Outcome = 'paid' | 'payment_pending' | 'payment_failed' | 'expired' | 'still_open' | 'not_ours';

/** The session as the provider holds it now, with the payment behind it. Fetched before the transaction, never in it. */
export interface SessionTruth {
  session: PaymentSession;
  payment: Payment;
  /** What went back of it already, at the provider itself or before an event came that was late. */
  refunds: Refund[];
  /** The session is complete but its money will never come: the bank sent the debit back. */
  failed: boolean;
}

/** Asks the payment provider what became of a session. Null for a session that does not exist. */
export async function fetchSession(services: Services, sessionId: string): Promise<SessionTruth | null> {
  const payments = await services.payments();
  const session = await payments.getSession(sessionId);
  return session ? withPayment(services, session) : null;
}

/** Adds the payment to a session that is at hand. */
export async function withPayment(services: Services, session: PaymentSession): Promise<SessionTruth> {
  const payments = await services.payments();
  const invoice = session.invoiceId === null ? null : await payments.getInvoice(session.invoiceId);
  const paymentIntentId = session.paymentIntentId ?? invoice?.paymentIntentId ?? null;
  const paid = session.status === 'complete' && session.paymentStatus === 'paid';
  const charge = paid && paymentIntentId !== null ? await payments.getChargeOfPayment(paymentIntentId) : null;
  // What a discount brought to nothing is complete without a charge.
  if (paid && charge === null && session.total > 0n) {
    throw new CodedError('vendor.unavailable', `session ${session.id} is paid, but the provider shows no charge yet`);
  }
  const { id: reference, invoiceId, subscriptionId } = session;
  const { tax } = session;
  const payment: Payment = { reference, paymentIntentId, invoiceId, subscriptionId, charge, tax, mail: 'order_paid' };
  const waits = session.status === 'complete' && !paid && paymentIntentId !== null;
  const attempt = waits ? await payments.getPayment(paymentIntentId) : null;
  // Known with the payment, a whole refund stops the order before anything is made for it.
  const isRefunded = charge !== null && charge.refunded > 0n && paymentIntentId !== null;
  const refunds = isRefunded ? await payments.listRefunds(paymentIntentId) : [];
  return { session, payment, refunds, failed: attempt?.failed ?? false };
}

/**
 * Brings an order to where its payment session is. Trusts nothing but the session fetched from the provider: the order must be one
 * of ours, with this very session and this member's customer.
 */
export async function applySession(tx: Tx, services: Services, truth: SessionTruth): Promise<Outcome> {
  const { session } = truth;
  const order = session.orderId === null ? null : await findOrder(tx, session.orderId);
  if (!order) return 'not_ours';
  const locked = await lockOrder(tx, order.id);
  if (!(await belongs(tx, locked, session))) return 'not_ours';
  if (session.status === 'complete') return applyComplete(tx, services, locked, truth);
  if (session.status === 'open') return 'still_open';
  return giveUp(tx, services, locked, 'expired');
}

async function belongs(tx: Tx, order: Order, session: PaymentSession): Promise<boolean> {
  // A session whose id we could not save before a crash is adopted; any other second session is a stranger.
  if (order.checkoutSessionId !== null && order.checkoutSessionId !== session.id) return false;
  const member = await getMember(tx, order.memberId);
  return member.stripeCustomerId !== null && member.stripeCustomerId === session.customerId;
}

async function applyComplete(tx: Tx, services: Services, order: Order, truth: SessionTruth): Promise<Outcome> {
  const now = services.clock.now();
  await recordFacts(tx, order.id, { checkoutSessionId: truth.session.id });
  if (truth.session.paymentStatus !== 'unpaid') {
    await settlePayment(tx, services, order, truth.payment);
    for (const refund of truth.refunds) await applyRefund(tx, services, await lockOrder(tx, order.id), refund);
    return 'paid';
  }
  if (truth.failed) return giveUp(tx, services, order, 'payment_failed');
  if (order.state !== 'created') return 'payment_failed';
  if (order.paymentPending) return 'payment_pending';
  await recordFacts(tx, order.id, { paymentPending: true });
  await appendEvent(
    tx,
    { orderId: order.id, kind: 'payment_pending', evidence: { checkoutSessionId: truth.session.id } },
    now,
  );
  await touchMember(tx, order.memberId, now);
  return 'payment_pending';
}

async function giveUp(tx: Tx, services: Services, order: Order, why: 'expired' | 'payment_failed'): Promise<Outcome> {
  if (order.state !== 'created') return why;
  const now = services.clock.now();
  await recordFacts(tx, order.id, { paymentPending: false });
  const evidence = order.checkoutSessionId === null ? {} : { checkoutSessionId: order.checkoutSessionId };
  await moveOrder(tx, order, 'expired', { kind: why, evidence }, now);
  if (why === 'payment_failed') {
    const refersTo = { orderId: order.id };
    await queueMail(tx, { memberId: order.memberId, kind: 'payment_failed', key: order.id, refersTo }, now);
  }
  return why;
}

/** Gives up an unpaid order that never got a payment page: nobody can pay it. */
export async function expireUnopened(tx: Tx, services: Services, order: Order): Promise<void> {
  await giveUp(tx, services, order, 'expired');
}

import type { Stripe } from 'stripe';
import type { Decline } from './cards.ts';
import { AUTHENTICATION_FAILED } from './cards.ts';
import type { Attempt, SessionPlan } from './checkout-plan.ts';
import { detailsOf } from './checkout-sessions.ts';
import { redeemCoupon } from './coupons.ts';
import { createCustomer } from './customers.ts';
import { createInvoice, linkIntent, payInvoice } from './invoices.ts';
import { attemptIntent, createIntent, failAuthentication, foresee, settleIntent } from './payment-intents.ts';
import type { Prospect } from './payment-intents.ts';
import { attachMethod } from './payment-methods.ts';
import { billPeriod, planRenewal } from './subscription-cycle.ts';
import { createSubscription, updateSubscription } from './subscriptions.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

type Session = Stripe.Checkout.Session;

/** What came of a try to pay. `complete` also answers a second try after a first that succeeded: nothing is charged twice. */
export type PayResult =
  { kind: 'complete' } | { kind: 'expired' } | { kind: 'asks-owner' } | { kind: 'declined'; decline: Decline };

/** A bank debit settles this much later by itself, if control does not decide earlier. */
const DEBIT_SECONDS = 4 * 24 * 3600;

/** Carries out one try to pay a session. Call it inside `world.run`. */
export function paySession(world: World, sessionId: string, attempt: Attempt, authenticated = false): PayResult {
  const session = world.tables.sessions.require(sessionId);
  if (session.status === 'complete') return { kind: 'complete' };
  if (session.status !== 'open' || isOrphaned(world, session)) return { kind: 'expired' };
  const plan = world.tables.sessionPlans.require(sessionId);
  const method = attempt.methodId === null ? null : world.tables.paymentMethods.require(attempt.methodId);
  if (!method || session.amount_total === 0) {
    completeFree(world, session, plan, attempt, method);
    return { kind: 'complete' };
  }
  const prospect = foresee(world, method, { authenticated, offSession: false });
  if (prospect.kind === 'declined' || prospect.kind === 'asks-owner') {
    return failOrAsk(world, session, plan, { attempt, method, prospect });
  }
  if (session.mode === 'subscription')
    completeSubscription(world, session, plan, { attempt, method, prospect, authenticated });
  else completePayment(world, session, plan, { attempt, method, prospect, authenticated });
  return { kind: 'complete' };
}

/** Tells whether the session's customer was deleted meanwhile: nobody can pay it any more. Assumed; not documented. */
function isOrphaned(world: World, session: Session): boolean {
  const customer = idOf(session.customer);
  return customer !== null && !world.tables.customers.get(customer);
}

/** Ends the challenge of a card that asked its owner. */
export function answerChallenge(world: World, sessionId: string, passed: boolean): PayResult {
  const session = world.tables.sessions.require(sessionId);
  if (session.status === 'complete') return { kind: 'complete' };
  if (session.status !== 'open') return { kind: 'expired' };
  const plan = world.tables.sessionPlans.require(sessionId);
  const { challenge, intentId } = plan;
  if (!challenge) return { kind: 'declined', decline: AUTHENTICATION_FAILED };
  world.tables.sessionPlans.put({ ...plan, challenge: null });
  if (passed) return paySession(world, sessionId, challenge, true);
  failAuthentication(world, world.tables.paymentIntents.require(intentId ?? ''));
  return { kind: 'declined', decline: AUTHENTICATION_FAILED };
}

interface Try {
  attempt: Attempt;
  method: Stripe.PaymentMethod;
  prospect: Prospect;
  authenticated?: boolean;
}

function failOrAsk(world: World, session: Session, plan: SessionPlan, { attempt, method, prospect }: Try): PayResult {
  const intent = intentOf(world, session, plan, idOf(session.customer));
  const asks = prospect.kind === 'asks-owner';
  const current = world.tables.sessionPlans.require(session.id);
  world.tables.sessionPlans.put({ ...current, challenge: asks ? attempt : null });
  attemptIntent(world, intent, method, prospect);
  return prospect.kind === 'declined' ? prospect : { kind: 'asks-owner' };
}

/** Answers the one payment intent of a session; made at the first try, as the real Checkout does. */
function intentOf(world: World, session: Session, plan: SessionPlan, customer: string | null): Stripe.PaymentIntent {
  if (plan.intentId) {
    return world.tables.paymentIntents.put({ ...world.tables.paymentIntents.require(plan.intentId), customer });
  }
  const subscription = session.mode === 'subscription';
  const intent = createIntent(world, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer,
    description: subscription ? 'Subscription creation' : plan.intentData.description,
    metadata: subscription ? {} : plan.intentData.metadata,
    receiptEmail: plan.intentData.receiptEmail,
    setupFutureUsage: subscription ? 'off_session' : plan.intentData.setupFutureUsage,
    methodTypes: session.payment_method_types,
  });
  world.tables.sessionPlans.put({ ...world.tables.sessionPlans.require(session.id), intentId: intent.id });
  // A subscription's session never shows its payment intent: the invoice does.
  if (!subscription) world.tables.sessions.put({ ...session, payment_intent: intent.id });
  return intent;
}

/** Answers the session's customer, making one where the session has none and needs one. */
function customerOf(world: World, session: Session, attempt: Attempt): Stripe.Customer | null {
  const known = idOf(session.customer);
  if (known) return located(world, session, world.tables.customers.get(known) ?? null);
  if (session.customer_creation !== 'always' && !session.invoice_creation?.enabled) return null;
  return located(world, session, createCustomer(world, { email: attempt.email, name: attempt.name }));
}

/** Keeps on the customer where the payer said to be: later invoices are taxed there. */
function located(world: World, session: Session, customer: Stripe.Customer | null): Stripe.Customer | null {
  const { place, savesAddress } = world.tables.sessionPlans.require(session.id);
  if (!customer || !savesAddress || !place?.country) return customer;
  const address = { city: null, line1: null, line2: null, postal_code: null, ...customer.address, ...place };
  return world.tables.customers.put({ ...customer, address });
}

function complete(world: World, session: Session, attempt: Attempt, change: Partial<Session>): void {
  const name = attempt.name ?? session.customer_details?.name ?? null;
  const done = world.tables.sessions.put({
    ...world.tables.sessions.require(session.id),
    ...change,
    status: 'complete',
    url: null,
    customer_details: detailsOf(
      attempt.email ?? session.customer_details?.email ?? null,
      name,
      world.tables.sessionPlans.get(session.id)?.place,
    ),
  });
  world.agenda.cancel('session-expires', session.id);
  world.emit('checkout.session.completed', done);
}

function completePayment(world: World, session: Session, plan: SessionPlan, step: Try): void {
  const { attempt, method, prospect } = step;
  const customer = customerOf(world, session, attempt);
  const intent = intentOf(world, session, plan, customer?.id ?? null);
  if (customer && (attempt.save || plan.intentData.setupFutureUsage)) {
    attachMethod(world, method, customer.id, attempt.save ? 'always' : 'limited');
  }
  const paid = attemptIntent(world, intent, method, prospect, step.authenticated);
  const later = paid.status === 'processing';
  const discount = redeem(world, session, plan, customer?.id ?? null, null);
  const invoiced = { ...plan, discountId: discount?.id ?? null };
  if (discount)
    world.tables.sessionPlans.put({ ...world.tables.sessionPlans.require(session.id), discountId: discount.id });
  // A debit's invoice is made when the money is there; the real one is open in between.
  const invoice = !later && customer ? invoiceOf(world, session, invoiced, customer, paid.id) : null;
  complete(world, session, attempt, {
    customer: customer?.id ?? null,
    invoice: invoice?.id ?? null,
    payment_status: later ? 'unpaid' : 'paid',
  });
  if (later) world.agenda.schedule('bank-debit-settles', session.id, world.now() + DEBIT_SECONDS);
}

function invoiceOf(
  world: World,
  session: Session,
  plan: SessionPlan,
  customer: Stripe.Customer,
  intentId: string,
): Stripe.Invoice | null {
  if (!plan.invoiceData) return null;
  const now = world.now();
  const invoice = createInvoice(world, {
    ...plan.invoiceData,
    customer,
    currency: session.currency ?? 'usd',
    lines: plan.lineItems.flatMap((item) => {
      if (!item.price) return [];
      const { amount_subtotal: subtotal, amount_discount: discount, amount_tax: tax, amount_total: total } = item;
      const amounts = { subtotal, discount, tax, total };
      const { price, quantity, description } = item;
      return [{ price, quantity: quantity ?? 1, description: description ?? '', subscriptionItem: null, amounts }];
    }),
    discount: plan.discountId ? (world.tables.discounts.get(plan.discountId) ?? null) : null,
    taxedAt: session.automatic_tax.enabled ? (plan.place ?? null) : null,
    reason: 'manual',
    subscription: null,
    period: { start: now, end: now },
  });
  linkIntent(world, invoice, intentId);
  return payInvoice(world, invoice);
}

function completeSubscription(world: World, session: Session, plan: SessionPlan, step: Try): void {
  const { attempt, method, prospect } = step;
  const customer = requireMade(customerOf(world, session, attempt), session);
  const intent = intentOf(world, session, plan, customer.id);
  attachMethod(world, method, customer.id, attempt.save ? 'always' : 'limited');
  const { subscription, invoice } = startSubscription(world, session, plan, customer, method.id);
  linkIntent(world, invoice, intent.id);
  attemptIntent(world, intent, method, prospect, step.authenticated);
  activate(world, subscription, invoice);
  complete(world, session, attempt, {
    customer: customer.id,
    subscription: subscription.id,
    invoice: invoice.id,
    payment_status: 'paid',
  });
}

/** Redeems the session's coupon; a discount that holds for this payment only is on the first invoice and then gone. */
function redeem(
  world: World,
  session: Session,
  plan: SessionPlan,
  customer: string | null,
  subscription: string | null,
): Stripe.Discount | null {
  return plan.couponId ? redeemCoupon(world, plan.couponId, { customer, session: session.id, subscription }) : null;
}

function requireMade(customer: Stripe.Customer | null, session: Session): Stripe.Customer {
  if (!customer) throw new Error(`session ${session.id} has no customer: it was deleted meanwhile`);
  return customer;
}

function startSubscription(
  world: World,
  session: Session,
  plan: SessionPlan,
  customer: Stripe.Customer,
  methodId: string | null,
): { subscription: Stripe.Subscription; invoice: Stripe.Invoice } {
  const made = createSubscription(world, {
    ...plan.subscriptionData,
    customer: customer.id,
    items: plan.lineItems.filter((item) => item.price?.type === 'recurring'),
    methodId,
    currency: session.currency ?? 'usd',
    taxed: session.automatic_tax.enabled,
  });
  const discount = redeem(world, session, plan, customer.id, made.id);
  const subscription = discount ? world.tables.subscriptions.put({ ...made, discounts: [discount.id] }) : made;
  const oneOffs = plan.lineItems.filter((item) => item.price?.type === 'one_time');
  const invoice = billPeriod(world, subscription, { reason: 'subscription_create', oneOffs });
  return { subscription, invoice };
}

function activate(world: World, subscription: Stripe.Subscription, invoice: Stripe.Invoice): void {
  payInvoice(world, invoice);
  const latest = world.tables.subscriptions.require(subscription.id);
  planRenewal(world, updateSubscription(world, latest, { status: 'active' }));
}

/** Completes a session that costs nothing now: no payment intent, no charge. A card that was given is kept for later periods. */
function completeFree(
  world: World,
  session: Session,
  plan: SessionPlan,
  attempt: Attempt,
  method: Stripe.PaymentMethod | null,
): void {
  const customer = customerOf(world, session, attempt);
  if (customer && method) attachMethod(world, method, customer.id, attempt.save ? 'always' : 'limited');
  if (session.mode !== 'subscription') {
    redeem(world, session, plan, customer?.id ?? null, null);
    complete(world, session, attempt, { customer: customer?.id ?? null, payment_status: 'no_payment_required' });
    return;
  }
  const owner = requireMade(customer, session);
  const { subscription, invoice } = startSubscription(world, session, plan, owner, method?.id ?? null);
  activate(world, subscription, invoice);
  complete(world, session, attempt, {
    customer: owner.id,
    subscription: subscription.id,
    invoice: invoice.id,
    payment_status: 'no_payment_required',
  });
}

/** Lets the bank debit of a completed session succeed or fail; nothing happens when there is none under way. */
export function settleSession(world: World, sessionId: string, outcome: 'succeed' | 'fail'): Session | undefined {
  const session = world.tables.sessions.get(sessionId);
  const intent = world.tables.paymentIntents.get(idOf(session?.payment_intent) ?? '');
  if (!session || intent?.status !== 'processing') return undefined;
  world.agenda.cancel('bank-debit-settles', sessionId);
  settleIntent(world, intent, outcome);
  if (outcome === 'fail') {
    world.emit('checkout.session.async_payment_failed', session);
    return session;
  }
  const plan = world.tables.sessionPlans.require(sessionId);
  const customer = world.tables.customers.get(idOf(session.customer) ?? '');
  const invoice = customer ? invoiceOf(world, session, plan, customer, intent.id) : null;
  const paid = world.tables.sessions.put({ ...session, payment_status: 'paid', invoice: invoice?.id ?? null });
  world.emit('checkout.session.async_payment_succeeded', paid);
  return paid;
}

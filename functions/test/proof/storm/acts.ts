import type { Stripe } from 'stripe';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { authenticate, need, pay } from '../../support/shopping.ts';
import type { Provider } from './provider.ts';
import type { Wish } from './plan.ts';

/** A wish that has become an order with a payment page. */
export interface Placed {
  wish: Wish;
  orderId: string;
  sessionId: string;
  checkoutUrl: string;
}

/** Plays how an order is paid at the provider, and what happens to the payment at once. */
export async function actOut(provider: Provider, { wish, sessionId, checkoutUrl }: Placed): Promise<void> {
  switch (wish.payment) {
    case 'card':
      await expectRedirect(pay(checkoutUrl));
      break;
    case 'declined card, then card':
      await pay(checkoutUrl, { card: '4000 0000 0000 0002' });
      await expectRedirect(pay(checkoutUrl));
      break;
    case 'challenged card':
      await expectRedirect(pay(checkoutUrl, { card: '4000 0027 6000 3184' }));
      await expectRedirect(authenticate(checkoutUrl, 'complete'));
      break;
    case 'debit that comes':
    case 'debit that bounces':
      await expectRedirect(pay(checkoutUrl, { method: 'bank_debit' }));
      await provider.stripe.settleSession(sessionId, wish.payment === 'debit that comes' ? 'succeed' : 'fail');
      break;
    case 'leaves':
      await provider.stripe.expireSession(sessionId);
      break;
  }
  if (wish.atOnce === 'part back') await refund(provider, sessionId, 37);
  if (wish.atOnce === 'all back') await refund(provider, sessionId);
}

/** Plays what happens to an order after its delivery, as far as it happens at the provider. */
export async function actLater(provider: Provider, { wish, sessionId }: Placed): Promise<void> {
  const { stripe } = provider;
  switch (wish.later) {
    case 'parts back':
      await refund(provider, sessionId, 21);
      await refund(provider, sessionId, 34);
      break;
    case 'all back':
      await refund(provider, sessionId);
      break;
    case 'refund that the bank returns':
      await stripe.settleRefund((await refund(provider, sessionId, 55)).id, 'fail');
      break;
    case 'dispute left open':
      await dispute(provider, sessionId);
      break;
    case 'dispute won':
    case 'dispute lost':
      await stripe.closeDispute(await dispute(provider, sessionId), wish.later === 'dispute won' ? 'won' : 'lost');
      break;
    case 'renewed':
    case 'renewed twice':
    case 'renewal that fails':
    case 'renewal that fails, then comes':
    case 'cancelled for the end, then ended':
      await renew(provider, sessionId, wish.later);
      break;
    case 'nothing':
    case 'part back by an operator':
    case 'all back by an operator':
      break;
  }
}

async function renew(provider: Provider, sessionId: string, how: Wish['later']): Promise<void> {
  const { stripe, payments } = provider;
  const session = need(await payments.getSession(sessionId));
  const subscriptionId = need(session.subscriptionId);
  const isLate = how === 'renewal that fails' || how === 'renewal that fails, then comes';
  if (how === 'cancelled for the end, then ended')
    await request(provider, `/v1/subscriptions/${subscriptionId}`, { cancel_at_period_end: 'true' });
  if (isLate) await stripe.setCardFails(need(session.customerId), true);
  await stripe.renewSubscription(subscriptionId);
  if (how === 'renewed twice') await stripe.renewSubscription(subscriptionId);
  if (how !== 'renewal that fails, then comes') return;
  await stripe.setCardFails(need(session.customerId), false);
  const { latest_invoice: invoice } = await request<Stripe.Subscription>(
    provider,
    `/v1/subscriptions/${subscriptionId}`,
  );
  await stripe.retryInvoice(typeof invoice === 'string' ? invoice : need(invoice).id);
}

async function refund(provider: Provider, sessionId: string, amount?: number): Promise<Stripe.Refund> {
  const payment_intent = await paymentOf(provider, sessionId);
  return request(provider, '/v1/refunds', {
    payment_intent,
    ...(amount === undefined ? {} : { amount: String(amount) }),
  });
}

async function dispute(provider: Provider, sessionId: string): Promise<string> {
  return (await provider.stripe.openDispute({ paymentIntent: await paymentOf(provider, sessionId) })).id;
}

async function paymentOf({ payments }: Provider, sessionId: string): Promise<string> {
  const session = need(await payments.getSession(sessionId));
  if (session.paymentIntentId !== null) return session.paymentIntentId;
  return need((await payments.getInvoice(need(session.invoiceId)))?.paymentIntentId);
}

/** Calls the provider's API, as its dashboard does: a POST when there is a form. Throws what it refused. */
export async function request<T>(provider: Provider, path: string, form?: Record<string, string>): Promise<T> {
  const response = await fetch(`${provider.url}${path}`, {
    headers: { authorization: `Bearer ${SANDBOX_CREDENTIALS.stripeSecretKey}` },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${path} answered ${String(response.status)}: ${JSON.stringify(answer)}`);
  return answer;
}

async function expectRedirect(answer: ReturnType<typeof pay>): Promise<void> {
  const { status } = await answer;
  if (status !== 303) throw new Error(`the payment page answered ${String(status)}`);
}

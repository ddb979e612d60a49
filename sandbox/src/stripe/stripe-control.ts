import type { Stripe } from 'stripe';
import type { ControlClient } from '../control-client.ts';
import type { StoredEvent } from './tables.ts';

/** The outcome of something that was under way. */
export type Outcome = 'succeed' | 'fail';

/** Steers the Stripe stand-in of a running sandbox; for tests and the demo. Throws ControlError when it is refused. */
export class StripeControl {
  readonly #client: ControlClient;

  constructor(client: ControlClient) {
    this.#client = client;
  }

  /** Lets the bank debit of a completed session succeed or fail now. */
  settleSession(sessionId: string, outcome: Outcome): Promise<Stripe.Checkout.Session> {
    return this.#client.call('POST', `/stripe/sessions/${sessionId}/settle`, { outcome });
  }

  /** Expires an open session now. */
  expireSession(sessionId: string): Promise<Stripe.Checkout.Session> {
    return this.#client.call('POST', `/stripe/sessions/${sessionId}/expire`);
  }

  /** Makes all saved cards of a customer fail, or work again. */
  async setCardFails(customerId: string, fails: boolean): Promise<void> {
    await this.#client.call('POST', `/stripe/customers/${customerId}/card`, { fails });
  }

  /** Opens a dispute about a charge or about the latest charge of a payment intent. */
  openDispute(input: { charge?: string; paymentIntent?: string; reason?: string }): Promise<Stripe.Dispute> {
    return this.#client.call('POST', '/stripe/disputes', input);
  }

  /** Closes a dispute. */
  closeDispute(disputeId: string, outcome: 'won' | 'lost'): Promise<Stripe.Dispute> {
    return this.#client.call('POST', `/stripe/disputes/${disputeId}/close`, { outcome });
  }

  /** Lets a refund arrive, or fail after all. */
  settleRefund(refundId: string, outcome: Outcome): Promise<Stripe.Refund> {
    return this.#client.call('POST', `/stripe/refunds/${refundId}/settle`, { outcome });
  }

  /** Ends the running period of a subscription now. */
  renewSubscription(subscriptionId: string): Promise<Stripe.Subscription> {
    return this.#client.call('POST', `/stripe/subscriptions/${subscriptionId}/renew`);
  }

  /** Tries to collect an open invoice now. */
  retryInvoice(invoiceId: string): Promise<Stripe.Invoice> {
    return this.#client.call('POST', `/stripe/invoices/${invoiceId}/retry`);
  }

  /** Sends a signed event of any content: of another account, about ids that do not exist, with an id that was seen. */
  sendEvent(input: {
    type: string;
    object: object;
    previousAttributes?: object;
    account?: string;
    id?: string;
  }): Promise<StoredEvent> {
    return this.#client.call('POST', '/stripe/events', input);
  }

  /** Lists stored objects of a kind (`charges`, `sessions`, `events` …), newest first. */
  async list<T extends object>(kind: string, limit = 5_000): Promise<T[]> {
    return (await this.#client.call<{ data: T[] }>('GET', `/stripe/objects/${kind}?limit=${limit}`)).data;
  }
}

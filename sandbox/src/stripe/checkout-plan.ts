import type { Stripe } from 'stripe';

/** What a Checkout session knows beyond what the API shows: what to make when it is paid. */
export interface SessionPlan {
  /** The session's id. */
  id: string;
  lineItems: Stripe.LineItem[];
  /** The coupon that takes something off; none where it is missing, as in the state of an older sandbox. */
  couponId?: string | null;
  /** The discount that the coupon became when the session was paid. */
  discountId?: string | null;
  /** What the payer says of the own address is kept on the customer. */
  savesAddress?: boolean;
  /** Where the payer said to be, when tax is reckoned. */
  place?: { country: string | null; state: string | null } | null;
  /** The payment intent of the attempts so far. */
  intentId: string | null;
  intentData: {
    description: string | null;
    metadata: Record<string, string>;
    receiptEmail: string | null;
    setupFutureUsage: 'off_session' | 'on_session' | null;
  };
  subscriptionData: { description: string | null; metadata: Record<string, string> };
  /** What the invoice of a one-time payment carries; null when none was asked for. */
  invoiceData: { description: string | null; footer: string | null; metadata: Record<string, string> } | null;
  /** The attempt whose owner is asked to authenticate. */
  challenge: Attempt | null;
}

/** One try to pay on the hosted page. */
export interface Attempt {
  /** Null when nothing is due. */
  methodId: string | null;
  email: string | null;
  name: string | null;
  /** The payer ticked "save this card". */
  save: boolean;
}

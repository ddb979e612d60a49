import type { Amount, Currency } from '../../shared/money.ts';
import { memberFunds, platformMoney } from './accounts.ts';
import { transferBetween } from './transfer-between.ts';
import type { Posting } from './posting.ts';

interface OfOrder<C extends Currency> {
  orderId: string;
  memberId: string;
  /** Above zero, in cents. */
  amount: Amount<C>;
  currency: C;
  at: Date;
}

/** A member's payment for an order has settled: the provider holds it, we owe its delivery. Once per order. */
export function paymentReceived<C extends Currency>({ orderId, memberId, amount, currency, at }: OfOrder<C>): Posting {
  return transferBetween({
    key: `${orderId}/paymentReceived`,
    template: 'paymentReceived',
    from: platformMoney.stripeClearing(currency),
    to: memberFunds(memberId, currency),
    unit: currency,
    amount,
    at,
    meta: { orderId, memberId },
  });
}

/** An order is delivered: what the member paid, less what went back before, is earned. Once per order. */
export function revenueRecognised<C extends Currency>({
  orderId,
  memberId,
  amount,
  currency,
  at,
}: OfOrder<C>): Posting {
  return transferBetween({
    key: `${orderId}/revenueRecognised`,
    template: 'revenueRecognised',
    from: memberFunds(memberId, currency),
    to: platformMoney.revenue(currency),
    unit: currency,
    amount,
    at,
    meta: { orderId, memberId },
  });
}

/**
 * The provider has paid money back, whole or in part: out of the member's funds before delivery, out of revenue after it
 * (`settled`). Once per refund of the provider.
 */
export function refundIssued<C extends Currency>(refund: OfOrder<C> & { refundId: string; settled: boolean }): Posting {
  const { orderId, memberId, refundId, currency } = refund;
  return transferBetween({
    key: `${orderId}/refundIssued/${refundId}`,
    template: 'refundIssued',
    from: refund.settled ? platformMoney.revenue(currency) : memberFunds(memberId, currency),
    to: platformMoney.stripeClearing(currency),
    unit: currency,
    amount: refund.amount,
    at: refund.at,
    meta: { orderId, memberId, refundId },
  });
}

/** The provider has kept a fee. `subject` is what it was for: an order, or the provider's own id. Once per balance transaction. */
export function feeCharged<C extends Currency>(fee: {
  subject: string;
  balanceTransactionId: string;
  amount: Amount<C>;
  currency: C;
  at: Date;
}): Posting {
  const { subject, balanceTransactionId, currency } = fee;
  return transferBetween({
    key: `${subject}/feeCharged/${balanceTransactionId}`,
    template: 'feeCharged',
    from: platformMoney.stripeFees(currency),
    to: platformMoney.stripeClearing(currency),
    unit: currency,
    amount: fee.amount,
    at: fee.at,
    meta: { subject, balanceTransactionId },
  });
}

interface Dispute<C extends Currency> extends Omit<OfOrder<C>, 'memberId'> {
  disputeId: string;
}

/** A bank disputes a payment: the provider withholds the amount. Once per dispute. */
export function disputeOpened<C extends Currency>({ disputeId, orderId, amount, currency, at }: Dispute<C>): Posting {
  return transferBetween({
    key: `${orderId}/disputeOpened/${disputeId}`,
    template: 'disputeOpened',
    from: platformMoney.disputes(currency),
    to: platformMoney.stripeClearing(currency),
    unit: currency,
    amount,
    at,
    meta: { orderId, disputeId },
  });
}

/**
 * A dispute is decided. Won, the provider gives the amount back to us; lost, it is the member's, out of the same account as a
 * refund: funds before delivery, revenue after it (`settled`). Once per dispute.
 */
export function disputeClosed<C extends Currency>(
  dispute: Dispute<C> & { memberId: string; settled: boolean; won: boolean },
): Posting {
  const { disputeId, orderId, memberId, currency, won } = dispute;
  const payer = dispute.settled ? platformMoney.revenue(currency) : memberFunds(memberId, currency);
  return transferBetween({
    key: `${orderId}/disputeClosed/${disputeId}`,
    template: 'disputeClosed',
    from: won ? platformMoney.stripeClearing(currency) : payer,
    to: platformMoney.disputes(currency),
    unit: currency,
    amount: dispute.amount,
    at: dispute.at,
    meta: { orderId, memberId, disputeId, outcome: won ? 'won' : 'lost' },
  });
}

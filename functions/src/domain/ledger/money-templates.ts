import { minor, negate, subtract, type Amount, type Currency } from '../../shared/money.ts';
import { memberFunds, platformMoney } from './accounts.ts';
import { requirePositive, transferBetween } from './transfer-between.ts';
import { makePosting, type Posting, type PostingMeta } from './posting.ts';

interface OfOrder<C extends Currency> {
  orderId: string;
  memberId: string;
  /** Above zero, in cents. */
  amount: Amount<C>;
  currency: C;
  at: Date;
}

/** The part of a payment, or of what goes back of it, that is tax: nothing when left out. From 0 to the amount. */
interface WithTax<C extends Currency> {
  tax?: Amount<C>;
}

/**
 * A movement between an account and ours for the goods, and the tax account for the tax; together they are what the provider moves. All of
 * it may be tax or none. Throws RangeError unless 0 <= tax <= amount and amount > 0.
 */
function withTax<C extends Currency>(movement: {
  key: string;
  template: string;
  provider: string;
  goods: string;
  /** Which way: the provider's money comes in, or goes back. */
  comesIn: boolean;
  currency: C;
  amount: Amount<C>;
  tax: Amount<C>;
  at: Date;
  meta: PostingMeta;
}): Posting {
  const { key, template, provider, goods, comesIn, currency, amount, tax, at, meta } = movement;
  requirePositive(key, amount);
  if (tax < 0n || tax > amount) throw new RangeError(`${key} cannot have ${String(tax)} of ${String(amount)} as tax`);
  const towards = (value: Amount<C>) => (comesIn ? value : negate(value));
  return makePosting({
    key,
    template,
    eventAt: at,
    legs: [
      { account: provider, unit: currency, amount: negate(towards(amount)) },
      { account: goods, unit: currency, amount: towards(subtract(amount, tax)) },
      { account: platformMoney.salesTax(currency), unit: currency, amount: towards(tax) },
    ],
    meta,
  });
}

/** A member's payment for an order has settled: the provider holds it, we owe its delivery, and its tax to the state. Once per order. */
export function paymentReceived<C extends Currency>(payment: OfOrder<C> & WithTax<C>): Posting {
  const { orderId, memberId, amount, currency, at } = payment;
  return withTax({
    key: `${orderId}/paymentReceived`,
    template: 'paymentReceived',
    provider: platformMoney.stripeClearing(currency),
    goods: memberFunds(memberId, currency),
    comesIn: true,
    currency,
    amount,
    tax: payment.tax ?? minor(currency, 0n),
    at,
    meta: { orderId, memberId },
  });
}

/** An order is delivered: what the member paid for the goods, less what went back before, is earned. Once per order. */
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
 * The provider has paid money back, whole or in part: the goods' part out of the member's funds before delivery, out of revenue after it
 * (`settled`); `tax` of it is no longer owed to the state. Once per refund of the provider.
 */
export function refundIssued<C extends Currency>(
  refund: OfOrder<C> & WithTax<C> & { refundId: string; settled: boolean },
): Posting {
  const { orderId, memberId, refundId, currency, amount, at } = refund;
  return withTax({
    key: `${orderId}/refundIssued/${refundId}`,
    template: 'refundIssued',
    provider: platformMoney.stripeClearing(currency),
    goods: refund.settled ? platformMoney.revenue(currency) : memberFunds(memberId, currency),
    comesIn: false,
    currency,
    amount,
    tax: refund.tax ?? minor(currency, 0n),
    at,
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
 * A dispute is decided. Won, the provider gives the amount back to us; lost, it is the member's, out of the same accounts as a refund:
 * funds before delivery, revenue after it (`settled`), and `tax` of it out of what is owed to the state. Once per dispute.
 */
export function disputeClosed<C extends Currency>(
  dispute: Dispute<C> & WithTax<C> & { memberId: string; settled: boolean; won: boolean },
): Posting {
  const { disputeId, orderId, memberId, currency, won, amount, at } = dispute;
  const key = `${orderId}/disputeClosed/${disputeId}`;
  const template = 'disputeClosed';
  const meta = { orderId, memberId, disputeId, outcome: won ? 'won' : 'lost' };
  if (won) {
    const [from, to] = [platformMoney.stripeClearing(currency), platformMoney.disputes(currency)];
    return transferBetween({ key, template, from, to, unit: currency, amount, at, meta });
  }
  return withTax({
    key,
    template,
    provider: platformMoney.disputes(currency),
    goods: dispute.settled ? platformMoney.revenue(currency) : memberFunds(memberId, currency),
    comesIn: false,
    currency,
    amount,
    tax: dispute.tax ?? minor(currency, 0n),
    at,
    meta,
  });
}

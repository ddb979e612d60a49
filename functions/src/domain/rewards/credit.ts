import { minor, minorDigits, type Amount, type Currency } from '../../shared/money.ts';
import { requireRate, weiPerToken, type RewardRate } from './purchase-reward.ts';

interface InCurrency {
  currency: Currency;
  /** Tokens per whole unit of `currency`, as the catalogue publishes it: what earns tokens at a rate also takes them at it. */
  rate: RewardRate;
}

/**
 * What credit of `amount` costs, in wei: `amount x rate x 10^18 / 10^digits`, rounded up, so that no credit is ever had for less than
 * it is worth. Throws RangeError for an amount below zero, and for a rate that is not above zero.
 */
export function creditCost({ amount, currency, rate }: InCurrency & { amount: Amount<Currency> }): Amount<'DOTM'> {
  const { numerator, denominator } = ratio(currency, rate);
  if (amount < 0n) throw new RangeError(`credit must not be below zero, got ${String(amount)} minor units`);
  return minor('DOTM', (amount * numerator + denominator - 1n) / denominator);
}

/**
 * What `tokens` wei buy, in minor units of `currency`, rounded down: what is left over is too little for one of them. Throws RangeError
 * for tokens below zero, and for a rate that is not above zero.
 */
export function creditWorth({ tokens, currency, rate }: InCurrency & { tokens: Amount<'DOTM'> }): Amount<Currency> {
  const { numerator, denominator } = ratio(currency, rate);
  if (tokens < 0n) throw new RangeError(`tokens must not be below zero, got ${String(tokens)} wei`);
  return minor(currency, (tokens * denominator) / numerator);
}

/** Wei for one minor unit, as a fraction. */
function ratio(currency: Currency, rate: RewardRate): RewardRate {
  requireRate(rate);
  return {
    numerator: rate.numerator * weiPerToken,
    denominator: rate.denominator * 10n ** BigInt(minorDigits(currency)),
  };
}

/** What is possible with credit at one price. All of it is in the price's currency. */
export interface CreditChoice {
  /** The price. */
  due: Amount<Currency>;
  /** The most that can be taken off it; nothing where no credit can be used. */
  most: Amount<Currency>;
  /** The most that leaves something to pay with money; below `most` only where credit can pay all of it. */
  mostInPart: Amount<Currency>;
}

/**
 * Says how much of a price credit can pay: all of it, or so much that what is left can be charged. `worth` is what the member's free
 * tokens buy, `smallest` what the payment provider charges at least.
 */
export function creditChoice(price: {
  due: Amount<Currency>;
  worth: Amount<Currency>;
  smallest: Amount<Currency>;
}): CreditChoice {
  const { due, worth, smallest } = price;
  const room = due > smallest ? due - smallest : 0n;
  const mostInPart = (worth < room ? worth : room) as Amount<Currency>;
  return { due, mostInPart, most: worth >= due ? due : mostInPart };
}

/**
 * How much of an order's credit is the member's again once `refunded` of `total` has gone back in money: the same share, of all that went
 * back, rounded down; with the last of the money all of it. An order without money to give back returns its credit whole. Wei. Throws
 * RangeError for sums that contradict each other.
 */
export function creditToReturn(order: { credit: Amount<'DOTM'>; refunded: bigint; total: bigint }): Amount<'DOTM'> {
  const { credit, refunded, total } = order;
  if (credit < 0n || refunded < 0n || refunded > total) {
    throw new RangeError(`no share of ${credit} wei: ${refunded} of ${total} refunded`);
  }
  return refunded === total ? credit : minor('DOTM', (credit * refunded) / total);
}

import { rewardRateOf } from '../../domain/pricing/from-view.ts';
import { quotedDueNow, type Quote } from '../../domain/pricing/quote.ts';
import { creditChoice, creditCost, creditWorth, type CreditChoice } from '../../domain/rewards/credit.ts';
import type { RewardRate } from '../../domain/rewards/purchase-reward.ts';
import type { Queryable } from '../../platform/db.ts';
import { CodedError } from '../../shared/errors.ts';
import { fromDecimal, minor, toDecimal, type Amount, type Currency, type Money } from '../../shared/money.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { CreditPart } from '../../store/order-credit.ts';
import { freeOf } from '../../store/reward-uses.ts';
import { smallestCharge } from '../../vendors/payments/smallest-charge.ts';

/** What a member may pay with tokens at the price of a quote. */
export interface CreditTerms extends CreditChoice {
  currency: Currency;
  free: Amount<'DOTM'>;
  /** What the free tokens buy. */
  worth: Amount<Currency>;
  /** The least that can be charged, apart from nothing. */
  smallest: Amount<Currency>;
  rate: RewardRate;
}

/** Says what `memberId` may pay with tokens, at the rate of the catalogue that the quote was made from. */
export async function creditTerms(
  db: Queryable,
  memberId: string,
  quote: Quote,
  catalog: Pick<Catalog, 'version' | 'currencies'>,
): Promise<CreditTerms> {
  const { currency } = quote;
  const rate = rewardRateOf(catalog, currency);
  const free = await freeOf(db, memberId);
  const worth = creditWorth({ tokens: free, currency, rate });
  const smallest = smallestCharge(currency);
  return { currency, free, worth, smallest, rate, ...creditChoice({ due: quotedDueNow(quote), worth, smallest }) };
}

/**
 * Says what credit takes off a price and what it costs. Who asks twice at once is told so when the tokens are held, not here. Throws
 * `request.invalid` naming the field: another currency, nothing, more than is due, or so much that the rest is too little to be charged;
 * `reward.insufficient` for more than the member has free.
 */
export function agreeCredit(terms: CreditTerms, wanted: Money<Currency>): CreditPart {
  const { currency, due, rate, free, most, mostInPart, smallest } = terms;
  if (wanted.unit !== currency) throw invalid('credit.unit', `must be the price's currency, ${currency}`);
  const amount = parse(wanted);
  const say = (value: bigint) => `${toDecimal(currency, value)} ${currency}`;
  if (amount <= 0n) throw invalid('credit.amount', 'must be above zero');
  if (amount > due) throw invalid('credit.amount', `is above the ${say(due)} that are due`);
  const tokens = creditCost({ amount, currency, rate });
  if (tokens > free) {
    const problem = `costs ${toDecimal('DOTM', tokens)} DOTM, and ${toDecimal('DOTM', free)} are free: ${say(most)} at most`;
    throw new CodedError('reward.insufficient', `credit ${problem}`, { fields: [{ field: 'credit.amount', problem }] });
  }
  if (amount < due && amount > mostInPart) {
    const possible = mostInPart > 0n ? `${say(mostInPart)} at most, or all ${say(due)}` : `all ${say(due)} or nothing`;
    throw invalid(
      'credit.amount',
      `leaves ${say(due - amount)} to pay, and less than ${say(smallest)} can't be charged: ${possible}`,
    );
  }
  return { amount, tokens };
}

function parse({ unit, amount }: Money<Currency>): Amount<Currency> {
  try {
    return minor(unit, fromDecimal(unit, amount));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid('credit.amount', `has more decimals than ${unit}`);
  }
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field} ${problem}`, { fields: [{ field, problem }] });
}

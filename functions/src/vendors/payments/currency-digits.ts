import { minorDigits, type Currency } from '../../shared/money.ts';

/**
 * Stripe counts money in minor units, but not those of ISO 4217 everywhere (docs.stripe.com/currencies): these have none there, all
 * others two. Three-decimal currencies take amounts that end with a zero only, so they are none that we can sell in.
 */
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThree = new Set('BHD JOD KWD OMR TND'.split(' '));

/**
 * Says whether an amount of ours is the same number at Stripe. Where it is not (HUF, ISK and UGX have no decimals but are counted with
 * two there), a price would be a hundredth of what was meant: such a currency is not sold in.
 */
export function isCountedAlike(currency: Currency): boolean {
  if (withThree.has(currency)) return false;
  return minorDigits(currency) === (withoutDecimals.has(currency) ? 0 : 2);
}

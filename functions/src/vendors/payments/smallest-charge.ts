import { minor, type Amount, type Currency } from '../../shared/money.ts';

/** Half a unit, or what comes near it: docs.stripe.com/currencies, minimum charge amounts, in minor units. */
const least: ReadonlyMap<string, bigint> = new Map([
  ['AED', 200n],
  ['CZK', 1500n],
  ['DKK', 250n],
  ['GBP', 30n],
  ['HKD', 400n],
  ['MXN', 1000n],
  ['MYR', 200n],
  ['NOK', 300n],
  ['PLN', 200n],
  ['RON', 200n],
  ['SEK', 300n],
  ['THB', 1000n],
]);

/** The least that Stripe charges, apart from nothing: fifty minor units, where it names nothing else. */
export function smallestCharge(currency: Currency): Amount<Currency> {
  return minor(currency, least.get(currency) ?? 50n);
}

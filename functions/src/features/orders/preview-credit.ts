import { quotedTotal, type Quote } from '../../domain/pricing/quote.ts';
import { spread } from '../../domain/pricing/spread.ts';
import { purchaseReward } from '../../domain/rewards/purchase-reward.ts';
import type { Handler } from '../../platform/operations.ts';
import { verifyQuote } from '../../platform/quotes/verify-quote.ts';
import { minor, subtract, toMoney, type Amount, type Currency } from '../../shared/money.ts';
import { readCatalogVersion, type Catalog } from '../../store/catalog.ts';
import { currentMember } from '../../store/members.ts';
import { heldForOrders } from '../../store/order-credit.ts';
import { agreeCredit, creditTerms, type CreditTerms } from './agree-credit.ts';

/**
 * What the caller may pay of a quote with tokens, and what paying so much of it comes to: the very sums of `startCheckout`, without an
 * order. Throws `quote.altered`, `quote.expired`, and as `agreeCredit` does.
 */
export const previewCredit: Handler<'previewCredit'> = async ({ services, identity }, { quote: token, credit }) => {
  const { db, clock } = services;
  const now = clock.now();
  const quote = await verifyQuote(services.quoteKeys(), token, now);
  const member = await currentMember(db, identity, now);
  const catalog = await readCatalogVersion(db, quote.catalogVersion);
  const terms = await creditTerms(db, member.id, quote, catalog);
  const { currency, due } = terms;
  const chosen = credit === undefined ? null : agreeCredit(terms, credit);
  const amount = chosen?.amount ?? minor(currency, 0n);
  const price = (value: bigint) => toMoney(currency, value);
  return {
    rate: catalog.currencies.find(({ code }) => code === currency)?.rewardRate ?? '',
    free: toMoney('DOTM', terms.free),
    held: toMoney('DOTM', await heldForOrders(db, member.id)),
    worth: price(terms.worth),
    due: price(due),
    most: price(terms.most),
    mostInPart: price(terms.mostInPart),
    smallestCharge: price(terms.smallest),
    credit: price(amount),
    tokens: toMoney('DOTM', chosen?.tokens ?? 0n),
    left: price(subtract(due, amount)),
    reward: toMoney('DOTM', rewardOf(quote, catalog, amount, terms)),
  };
};

/** What the purchase earns: each line on what of it is paid with money. */
function rewardOf(quote: Quote, { products }: Catalog, credit: Amount<Currency>, { rate }: CreditTerms): bigint {
  const { currency, lines } = quote;
  const totals = lines.map(quotedTotal);
  const shares = spread(credit, totals);
  return lines.reduce((sum, { productId }, index) => {
    const basisPoints = products.find(({ id }) => id === productId)?.rewardBasisPoints ?? 0;
    const paid = minor(currency, (totals[index] ?? 0n) - (shares[index] ?? 0n));
    return sum + purchaseReward({ paid, currency, basisPoints, rate });
  }, 0n);
}

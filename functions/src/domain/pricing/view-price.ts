import type { CatalogView, Product } from '../../shared/api/catalog.ts';
import type { PricedBasketView } from '../../shared/api/pricing.ts';
import { CodedError } from '../../shared/errors.ts';
import { add, minor, toMoney, type Currency } from '../../shared/money.ts';
import type { Saving } from './find-savings.ts';
import type { AppliedDiscount, PricedBasket } from './price-basket.ts';

/** What becomes of tax: none is asked for, or the payment page adds that of the buyer's place. */
export type TaxNote = PricedBasketView['taxNote'];

/** Puts a price in the form that every door shows. `view` is the catalogue's version that it was made with. */
export function viewPrice(
  view: Pick<CatalogView, 'products'>,
  priced: PricedBasket,
  more: { savings: readonly Saving[]; taxNote: TaxNote },
): PricedBasketView {
  const { currency } = priced;
  const money = (amount: bigint) => toMoney(currency, amount);
  return {
    catalogVersion: priced.catalogVersion,
    currency,
    lines: priced.lines.map((line) => {
      const { name, kind } = productOf(view, line.productId);
      return {
        productId: line.productId,
        name,
        kind,
        cycle: line.cycle,
        quantity: line.quantity,
        unit: money(line.unit),
        full: money(line.full),
        discount: money(line.discount),
        total: money(line.total),
        reward: toMoney('DOTM', line.reward),
      };
    }),
    discount: viewDiscount(currency, priced.discount),
    subtotal: money(add(minor(currency, 0n), ...priced.lines.map((line) => line.full))),
    dueNow: money(priced.dueNow),
    recurring: { monthly: money(priced.recurring.monthly), annual: money(priced.recurring.annual) },
    renewalDiscount: viewDiscount(currency, priced.renewalDiscount),
    reward: toMoney('DOTM', priced.reward),
    taxNote: more.taxNote,
    savings: more.savings.map((saving) => viewSaving(currency, saving)),
  };
}

function productOf({ products }: Pick<CatalogView, 'products'>, id: string): Product {
  const product = products.find((candidate) => candidate.id === id);
  if (!product) throw new CodedError('internal', `a price names ${id}, which its catalogue does not hold`);
  return product;
}

function viewDiscount(currency: Currency, discount: AppliedDiscount | null): PricedBasketView['discount'] {
  return discount && { ...discount.reason, amount: toMoney(currency, discount.amount) };
}

function viewSaving(currency: Currency, saving: Saving): PricedBasketView['savings'][number] {
  const money = toMoney(currency, saving.saving);
  switch (saving.kind) {
    case 'pay_yearly':
      return { ...saving, productIds: [...saving.productIds], saving: money };
    case 'complete_bundle':
      return { ...saving, extra: toMoney(currency, saving.extra), saving: money };
    case 'join':
      return { ...saving, saving: money };
  }
}

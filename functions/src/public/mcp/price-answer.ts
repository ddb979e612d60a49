import { z } from 'zod';
import { findSavings } from '../../domain/pricing/find-savings.ts';
import { rewardRateOf } from '../../domain/pricing/from-view.ts';
import {
  priceBasket,
  type BasketItem,
  type PricedBasket,
  type PriceRequest,
} from '../../domain/pricing/price-basket.ts';
import { viewPrice } from '../../domain/pricing/view-price.ts';
import { pricedBasketSchema, type PricedBasketView } from '../../shared/api/pricing.ts';
import type { Currency } from '../../shared/money.ts';
import type { ToolContext } from './tool.ts';
import { inWords, listed, percent } from './words.ts';

/** The price of a basket in a structured answer: the form of every other door. */
export const priceSchema = pricedBasketSchema.describe(
  'The price with its lines and reasons. dueNow is what is paid now; recurring what each renewal costs.',
);

/** What no price of ours holds. */
export function notIncluded({ taxNote }: Pick<ToolContext, 'taxNote'>): string[] {
  return [
    taxNote === 'added_at_checkout'
      ? 'Tax: the payment page adds that of the buyer’s place, and shows it before anything is paid.'
      : 'Tax: none is in these prices, and none is added at the checkout.',
    'Fees of the bank or card for foreign currencies.',
  ];
}

/** Prices a basket as every other door does. Promotion codes are for the web app: nothing here can look one up. */
export function priceFor(
  { view, pricing, taxNote }: ToolContext,
  asked: { items: readonly BasketItem[]; currency: Currency; membershipId: string | null; country: string | null },
): { priced: PricedBasket; shown: PricedBasketView } {
  const request: PriceRequest = { ...asked, promotion: null, rewardRate: rewardRateOf(view, asked.currency) };
  const priced = priceBasket(pricing, request);
  return {
    priced,
    shown: viewPrice(view, priced, { savings: findSavings(pricing, request), taxNote }),
  };
}

/** Says a price in words: lines, the discount and its reason, what is due, what would make it cheaper. */
export function basketInWords(price: PricedBasketView): string {
  const { discount, recurring } = price;
  const lines = price.lines.map(({ name, quantity, full }) => `${String(quantity)} x ${name} ${inWords(full)}`);
  const renewals = [
    ...(isZero(recurring.monthly.amount) ? [] : [`${inWords(recurring.monthly)} each month`]),
    ...(isZero(recurring.annual.amount) ? [] : [`${inWords(recurring.annual)} each year`]),
  ];
  return [
    `${lines.join(', ')}.`,
    discount === null ? '' : `${discountInWords(discount)}: ${inWords(discount.amount)} off.`,
    `Due now ${inWords(price.dueNow)} before tax.`,
    renewals.length === 0 ? 'Nothing renews.' : `It renews at ${listed(renewals)}.`,
    isZero(price.reward.amount) ? '' : `Earns ${inWords(price.reward)}.`,
    ...price.savings.slice(0, 2).map(savingInWords),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function isZero(amount: string): boolean {
  return /^[0.]+$/.test(amount);
}

const discountKinds = { bundle: 'Bundle', member: 'Member discount', promotion: 'Promotion' } as const;

function discountInWords({ kind, id, basisPoints }: NonNullable<PricedBasketView['discount']>): string {
  return `${discountKinds[kind]} ${id}${basisPoints === null ? '' : ` of ${percent(basisPoints)}`}`;
}

function savingInWords(saving: PricedBasketView['savings'][number]): string {
  switch (saving.kind) {
    case 'pay_yearly':
      return `Paid by the year, ${listed(saving.productIds)} would cost ${inWords(saving.saving)} less in a year.`;
    case 'complete_bundle':
      return `With ${saving.productId} too, the bundle ${saving.bundleId} would take ${inWords(saving.saving)} off all of it, for ${inWords(saving.extra)} more now.`;
    case 'join':
      return `With ${saving.membershipId} it would cost ${inWords(saving.saving)} less in a year, the membership's own price included.`;
  }
}

/** Output fields that both pricing tools have. */
export const priceOutput = {
  summary: z.string(),
  price: priceSchema,
  notIncluded: z.array(z.string()).describe('What the price does not hold. Tell the person.'),
};

import { billingCycles } from '../../shared/api/catalog.ts';
import type { Currency } from '../../shared/money.ts';

/** How often a price is due. A month that is paid for a year has an `annual` price of its own. */
export { billingCycles };
export type BillingCycle = (typeof billingCycles)[number];

/** Prices in minor units, for each currency and each cycle in which the product is sold. */
export type PriceTable = Readonly<Partial<Record<Currency, Readonly<Partial<Record<BillingCycle, bigint>>>>>>;

/** A product as the pricing engine sees it. */
export interface PricedProduct {
  readonly id: string;
  readonly kind: string;
  readonly prices: PriceTable;
  /** Reward in hundredths of a per cent of what is paid. */
  readonly rewardBasisPoints: number;
  /** ISO 3166-1 alpha-2 codes of where it is sold; null means everywhere. */
  readonly countries: readonly string[] | null;
}

/** A number of different products of one kind that are cheaper together. Products without a price don't count. */
export interface Bundle {
  readonly id: string;
  readonly kind: string;
  readonly minimumProducts: number;
  readonly basisPointsOff: number;
}

/** What a membership takes off each product of a kind. */
export interface MemberDiscount {
  readonly id: string;
  readonly membershipId: string;
  readonly kind: string;
  readonly basisPointsOff: number;
}

/** What a code takes off, once. Whether it may still be used is for the store to say. */
export interface Promotion {
  readonly code: string;
  readonly off: { readonly basisPoints: number } | { readonly minor: Readonly<Partial<Record<Currency, bigint>>> };
  /** Null takes it off everything. */
  readonly productIds: readonly string[] | null;
}

/** One published version of what is sold, as far as prices go. */
export interface PricingCatalog {
  readonly version: number;
  /** ISO 3166-1 alpha-2 codes of where nothing is sold. */
  readonly excludedCountries: readonly string[];
  readonly products: readonly PricedProduct[];
  readonly bundles: readonly Bundle[];
  readonly memberDiscounts: readonly MemberDiscount[];
}

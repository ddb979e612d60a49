import { z } from 'zod';
import {
  bundleSchema,
  countrySchema,
  cyclePriceSchema,
  memberDiscountSchema,
  productSchema,
  soldCurrencySchema,
} from './catalog.ts';

/** No input may make the database write without end: many times what an operator would ever sell. */
const mostProducts = 300;
const mostPrices = 120;

/**
 * What a version of the catalogue says, in one document: what an operator edits as a draft, and what is written into the tables when it
 * is published. Nothing else may stand in it, so that a mistyped field is told and not lost. The order of a list is the order in which
 * things are shown. Whether the parts fit together is for `checkContent` to say: a draft may be unfinished.
 */
export const catalogContentSchema = z.strictObject({
  currencies: z.array(soldCurrencySchema.strict()).max(50),
  excludedCountries: z.array(countrySchema).max(300),
  products: z
    .array(
      z.strictObject({
        ...productSchema.shape,
        prices: z.array(cyclePriceSchema.strict()).max(mostPrices),
        countries: z.array(countrySchema).max(300).nullable(),
      }),
    )
    .max(mostProducts),
  bundles: z.array(bundleSchema.strict()).max(100),
  memberDiscounts: z.array(memberDiscountSchema.strict()).max(100),
});
export type CatalogContent = z.infer<typeof catalogContentSchema>;

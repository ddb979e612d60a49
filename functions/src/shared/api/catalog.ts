import { z } from 'zod';
import { currencySchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';

export const productKinds = [
  'connectivity',
  'membership',
  'physical',
  'network_feature',
  'communication_feature',
] as const;
export const billingCycles = ['one_time', 'monthly', 'annual'] as const;
export const billingKinds = [...billingCycles, 'free'] as const;

/** How often a price is due. A product may have prices in several cycles; a year of a monthly one is a price of its own. */
export const cycleSchema = z
  .enum(billingCycles)
  .meta({ description: 'How often the price is due: once, each month, or each year.' });

export const productIdSchema = z
  .string()
  .regex(/^[a-z0-9_]{2,40}$/)
  .meta({ description: 'Catalogue id, for example global_data_10gb.' });

/** A country where something is sold or not: ISO 3166-1 alpha-2. */
export const countrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .meta({ description: 'ISO 3166-1 alpha-2 code of a country, for example CA.' });

const basisPointsSchema = z.number().int().min(0).max(10_000);

export const cyclePriceSchema = z.object({
  cycle: cycleSchema,
  unit: currencySchema,
  amount: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .meta({ description: 'Decimal string, for example "20.00".' }),
});
export type CyclePrice = z.infer<typeof cyclePriceSchema>;

/** A product as anybody may see it. Names and descriptions are translated by the client (`products.<id>`); `name` is English. */
export const productSchema = z.object({
  id: productIdSchema,
  name: z.string().trim().min(1).max(80),
  kind: z.enum(productKinds),
  billing: z
    .enum(billingKinds)
    .meta({ description: 'The cycle that is offered first; free for what is switched on and not bought.' }),
  prices: z
    .array(cyclePriceSchema)
    .meta({ description: 'One for each currency and cycle in which it is sold; none for what is free.' }),
  rewardBasisPoints: basisPointsSchema.meta({ description: 'Reward in hundredths of a per cent of what was paid.' }),
  dataBytes: z
    .string()
    .regex(/^[1-9]\d{0,18}$/)
    .nullable()
    .meta({ description: 'Data allowance in bytes, null where the product has none.' }),
  validityDays: z.number().int().min(1).max(3650).nullable(),
  oncePerPerson: z.boolean(),
  includesLine: z.boolean(),
  sellable: z.boolean().meta({ description: 'Whether startCheckout takes it.' }),
  countries: z.array(countrySchema).nullable().meta({ description: 'Where it is to be had; null for everywhere.' }),
});
export type Product = z.infer<typeof productSchema>;

/** A currency that this catalogue sells in, and how many DOTM a whole unit of it earns at a reward of 100 %. */
export const soldCurrencySchema = z.object({
  code: currencySchema,
  rewardRate: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/)
    .meta({ description: 'DOTM for one whole unit of the currency, as a decimal string, for example "0.73".' }),
});

/** A number of different products of one kind that are cheaper together. */
export const bundleSchema = z.object({
  id: productIdSchema,
  kind: z.enum(productKinds),
  minimumProducts: z.number().int().min(2).max(100),
  basisPointsOff: basisPointsSchema,
});
export type Bundle = z.infer<typeof bundleSchema>;

/** What members of `membershipId` pay less for products of a kind. */
export const memberDiscountSchema = z.object({
  id: productIdSchema,
  membershipId: productIdSchema,
  kind: z.enum(productKinds),
  basisPointsOff: basisPointsSchema,
});
export type MemberDiscount = z.infer<typeof memberDiscountSchema>;

/** The published catalogue as anybody may see it: at the API, in Firestore (`public/catalog`), and behind every price. */
export const catalogViewSchema = z.object({
  version: z.number().int(),
  publishedAt: z.iso.datetime(),
  effectiveAt: z.iso.datetime().meta({ description: 'From when it is the one that sells.' }),
  currencies: z.array(soldCurrencySchema),
  excludedCountries: z.array(countrySchema).meta({ description: 'Where nothing is sold.' }),
  products: z.array(productSchema),
  bundles: z.array(bundleSchema),
  memberDiscounts: z.array(memberDiscountSchema),
});
export type CatalogView = z.infer<typeof catalogViewSchema>;

export const getCatalog = declareOperation({
  name: 'getCatalog',
  method: 'GET',
  path: '/catalog',
  access: 'public',
  input: z.object({}),
  output: catalogViewSchema,
  idempotent: false,
  summary: 'The published catalogue with prices in each currency and billing cycle.',
  errors: [],
});

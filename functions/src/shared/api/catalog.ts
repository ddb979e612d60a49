import { z } from 'zod';
import { priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';

export const productKinds = [
  'connectivity',
  'membership',
  'physical',
  'network_feature',
  'communication_feature',
] as const;
export const billingKinds = ['one_time', 'monthly', 'annual', 'free'] as const;

export const productIdSchema = z
  .string()
  .regex(/^[a-z0-9_]{2,40}$/)
  .meta({ description: 'Catalogue id, for example global_data_10gb.' });

/** A product as anybody may see it. Names and descriptions are translated by the client (`products.<id>`); `name` is English. */
export const productSchema = z.object({
  id: productIdSchema,
  name: z.string(),
  kind: z.enum(productKinds),
  billing: z.enum(billingKinds),
  prices: z.array(priceSchema),
  rewardBasisPoints: z.number().int().meta({ description: 'Reward in hundredths of a per cent of what was paid.' }),
  dataBytes: z.string().nullable().meta({ description: 'Data allowance in bytes, null where the product has none.' }),
  validityDays: z.number().int().nullable(),
  oncePerPerson: z.boolean(),
  includesLine: z.boolean(),
  sellable: z.boolean().meta({ description: 'Whether startCheckout takes it.' }),
});
export type Product = z.infer<typeof productSchema>;

export const getCatalog = declareOperation({
  name: 'getCatalog',
  method: 'GET',
  path: '/catalog',
  access: 'public',
  input: z.object({}),
  output: z.object({ version: z.number().int(), publishedAt: z.iso.datetime(), products: z.array(productSchema) }),
  idempotent: false,
  summary: 'The published catalogue with prices in each currency.',
  errors: [],
});

import { z } from 'zod';
import { declareOperation } from '../operation.ts';
import { catalogContentSchema } from './catalog-content.ts';

/** A version's number where it stands in an address: text at both doors. */
const versionSchema = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
  .meta({ description: 'Number of a version of the catalogue.' });

const noteSchema = z.string().trim().max(500);

export const versionStates = ['draft', 'scheduled', 'selling', 'past'] as const;

/** A version of the catalogue as operators see it in a list. */
export const catalogVersionSchema = z.object({
  version: z.number().int(),
  state: z.enum(versionStates).meta({ description: 'selling is the one in force; scheduled is published for later.' }),
  note: z.string(),
  revision: z.number().int().meta({ description: 'Counts the changes of a draft.' }),
  basedOn: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().nullable().meta({ description: 'Uid of the operator; null for the starting catalogue.' }),
  publishedAt: z.iso.datetime().nullable(),
  publishedBy: z.string().nullable(),
  effectiveAt: z.iso.datetime().nullable(),
});
export type CatalogVersion = z.infer<typeof catalogVersionSchema>;

/** What can be wrong with a draft; operators read `catalogue.problem.<code>` in their language. */
export const contentProblemCodes = [
  'id_twice',
  'nothing_there',
  'currency_unknown',
  'currency_not_counted_alike',
  'rate_zero',
  'country_unknown',
  'country_twice',
  'countries_empty',
  'free_with_price',
  'free_but_sold',
  'price_missing',
  'price_twice',
  'price_zero',
  'price_decimals',
  'price_currency_not_sold',
  'billing_without_price',
  'plan_missing',
  'no_product_of_kind',
  'bundle_out_of_reach',
  'discount_nothing',
  'not_a_membership',
  'product_in_use',
] as const;

/** One thing that keeps a draft from being published, with the field that it is about (`products.3.prices`). */
export const contentProblemSchema = z.object({
  field: z.string(),
  code: z.enum(contentProblemCodes),
  values: z.record(z.string(), z.string()),
});
export type ContentProblem = z.infer<typeof contentProblemSchema>;

export const changeAreas = ['currency', 'countries', 'product', 'price', 'bundle', 'member_discount'] as const;

/** One difference between two versions. Null means that it was not, or is no longer there. */
export const contentChangeSchema = z.object({
  area: z.enum(changeAreas),
  id: z.string().meta({ description: 'Of the product, bundle, discount or currency; empty for what is of no part.' }),
  field: z.string().meta({ description: 'Which of its fields; for a price its currency and cycle, as USD/monthly.' }),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type ContentChange = z.infer<typeof contentChangeSchema>;

const readers = ['owner', 'operations', 'support', 'finance'] as const;
const writers = ['owner', 'operations'] as const;

export const listCatalogVersions = declareOperation({
  name: 'listCatalogVersions',
  method: 'GET',
  path: '/admin/catalog/versions',
  access: readers,
  input: z.object({}),
  output: z.object({ versions: z.array(catalogVersionSchema) }),
  idempotent: false,
  summary: 'Drafts first, then published versions by the time from which they sell, newest first.',
  errors: [],
});

export const getCatalogVersion = declareOperation({
  name: 'getCatalogVersion',
  method: 'GET',
  path: '/admin/catalog/versions/{version}',
  access: readers,
  input: z.object({ version: versionSchema }),
  output: z.object({ about: catalogVersionSchema, content: catalogContentSchema }),
  idempotent: false,
  summary: 'Everything that a version says, draft or published, however old.',
  errors: ['not_found'],
});

export const createCatalogDraft = declareOperation({
  name: 'createCatalogDraft',
  method: 'POST',
  path: '/admin/catalog/drafts',
  access: writers,
  input: z.object({ fromVersion: z.int().min(1), note: noteSchema.default('') }),
  output: catalogVersionSchema,
  idempotent: true,
  summary: 'Makes a draft that says what another version says.',
  errors: ['not_found'],
});

export const updateCatalogDraft = declareOperation({
  name: 'updateCatalogDraft',
  method: 'PATCH',
  path: '/admin/catalog/drafts/{version}',
  access: writers,
  input: z.object({
    version: versionSchema,
    revision: z.int().min(1).meta({ description: 'The revision that was read and changed.' }),
    content: catalogContentSchema,
    note: noteSchema.optional(),
  }),
  output: catalogVersionSchema,
  idempotent: true,
  summary: 'Replaces what a draft says. Refused when somebody else has changed it meanwhile.',
  errors: ['not_found', 'catalog.not_a_draft', 'catalog.draft_changed'],
});

export const checkCatalogDraft = declareOperation({
  name: 'checkCatalogDraft',
  method: 'GET',
  path: '/admin/catalog/drafts/{version}/check',
  access: readers,
  input: z.object({ version: versionSchema }),
  output: z.object({
    revision: z.number().int(),
    against: z.number().int().meta({ description: 'The version published last, which the changes are against.' }),
    problems: z.array(contentProblemSchema),
    changes: z.array(contentChangeSchema),
  }),
  idempotent: false,
  summary: 'What keeps a draft from being published, and what would change.',
  errors: ['not_found', 'catalog.not_a_draft'],
});

export const publishCatalog = declareOperation({
  name: 'publishCatalog',
  method: 'POST',
  path: '/admin/catalog/drafts/{version}/publish',
  access: writers,
  input: z.object({
    version: versionSchema,
    revision: z.int().min(1).meta({ description: 'The revision that was checked.' }),
    against: z.int().min(1).meta({ description: 'The published version that the changes were seen against.' }),
    effectiveAt: z.iso.datetime().optional().meta({ description: 'From when it sells; at once when left out.' }),
  }),
  output: catalogVersionSchema,
  idempotent: true,
  summary: 'Publishes a draft: from `effectiveAt` on it is what sells. It can not be changed or taken back afterwards.',
  errors: ['not_found', 'catalog.not_a_draft', 'catalog.draft_changed'],
});

export const discardCatalogDraft = declareOperation({
  name: 'discardCatalogDraft',
  method: 'POST',
  path: '/admin/catalog/drafts/{version}/discard',
  access: writers,
  input: z.object({ version: versionSchema }),
  output: z.object({ version: z.number().int() }),
  idempotent: true,
  summary: 'Throws a draft away.',
  errors: ['not_found', 'catalog.not_a_draft'],
});

import { z } from 'zod';
import { productKinds, type Product } from '../../../shared/api/catalog.ts';
import { aboutProduct } from '../about-products.ts';
import { currencyArgument, currencyOf } from '../lookups.ts';
import { pageOf } from '../pages.ts';
import { serviceInWords, serviceOf, serviceSchema } from '../service-view.ts';
import { CannotAnswer, declareTool } from '../tool.ts';

/** What an answer holds at once: more would fill an assistant's memory. */
const pageSize = 10;

/** Finds services by words and kind. */
export const searchServices = declareTool({
  name: 'search_services',
  title: 'Search services',
  description:
    'Finds what DOTM sells to travellers: eSIM data, memberships and network features, with list prices. Use it first when somebody asks what there is, what something costs, or when you need the id of a service. Leave both filters out to see everything. For a sum over several services use calculate_pricing.',
  input: z.strictObject({
    query: z.string().max(100).optional().describe('Words to look for in names and descriptions, in English.'),
    kind: z.enum(productKinds).optional().describe('Only services of this kind.'),
    currency: currencyArgument,
    cursor: z.string().max(200).optional().describe('The nextCursor of the answer before, for the next page.'),
  }),
  output: z.object({
    summary: z.string(),
    catalogVersion: z.int(),
    total: z.int().describe('How many services match.'),
    services: z.array(serviceSchema),
    nextCursor: z.string().optional(),
  }),
  example: { query: 'data' },
  run: ({ query, kind, currency, cursor }, { view, appUrl }) => {
    const code = currencyOf(view, currency);
    const words = wordsOf(query ?? '');
    const matching = view.products
      .filter((product) => kind === undefined || product.kind === kind)
      .map((product) => ({ product, score: scoreOf(product, words) }))
      .filter(({ score }) => words.length === 0 || score > 0)
      // Sorting keeps the catalogue's order among equals.
      .sort((a, b) => b.score - a.score)
      .map(({ product }) => serviceOf(product, appUrl, code));
    const page = pageOf(matching, cursor, pageSize);
    if (!page) throw new CannotAnswer('This cursor is not of these results: leave cursor out to start again.');
    const summary =
      matching.length === 0
        ? 'No service matches these words. Leave query out to see all of them, or try one word such as data, membership, security or calls.'
        : `${String(matching.length)} services, prices in ${code} before tax. ${page.items.map(serviceInWords).join(' ')}`;
    return {
      summary,
      catalogVersion: view.version,
      total: matching.length,
      services: page.items,
      ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
    };
  },
});

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1);
}

/** A word in the name counts more than one in the description. A plural finds its singular. */
function scoreOf(product: Product, words: readonly string[]): number {
  const name = wordsOf(`${product.id} ${product.name} ${product.kind}`);
  const description = wordsOf(aboutProduct(product.id).description);
  const found = (among: readonly string[], word: string): boolean =>
    among.some((each) => each.startsWith(word) || each === word.replace(/s$/, ''));
  return words.reduce((sum, word) => sum + (found(name, word) ? 3 : 0) + (found(description, word) ? 1 : 0), 0);
}

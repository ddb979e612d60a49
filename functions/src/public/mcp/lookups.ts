import { z } from 'zod';
import type { BillingCycle } from '../../domain/pricing/catalog.ts';
import type { BasketItem } from '../../domain/pricing/price-basket.ts';
import { billingCycles, type CatalogView, type Product } from '../../shared/api/catalog.ts';
import type { Currency } from '../../shared/money.ts';
import { CannotAnswer } from './tool.ts';
import { listed } from './words.ts';

// Arguments that several tools share, and how they are found in the catalogue. What is not found is answered with what there is.

/** Longer than any name or id of ours. */
const longestWord = 100;

export const productIdArgument = z
  .string()
  .min(1)
  .max(longestWord)
  .describe('Id of a service, for example "global_data_10gb". search_services finds ids.');

export const currencyArgument = z
  .string()
  .min(1)
  .max(10)
  .optional()
  .describe('Currency that the person pays with, as an ISO 4217 code such as "USD" or "CAD". Without it: USD.');

export const membershipArgument = z
  .string()
  .min(1)
  .max(longestWord)
  .optional()
  .describe(
    'Id of the membership that the person says they already hold, for example "full_membership". Leave it out when they hold none or you do not know.',
  );

export const placeArgument = z
  .string()
  .min(1)
  .max(longestWord)
  .describe(
    'A country, its ISO 3166-1 code, or a larger city, in English or French, for example "Austria", "AT" or "Vienna".',
  );

export const itemsArgument = z
  .array(
    z.strictObject({
      productId: productIdArgument,
      cycle: z
        .enum(billingCycles)
        .optional()
        .describe('How often it is paid. Needed only for services that are sold both monthly and annually.'),
      quantity: z.int().min(1).max(10).default(1).describe('How many.'),
    }),
  )
  .min(1)
  .max(10)
  .describe('What to price. Each service once for each cycle: use quantity for more of it.');

/** The form in which ids are compared: people and assistants write "Global Data 10GB" for global_data_10gb. */
function idForm(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

/** Finds a service by id or English name. Throws CannotAnswer with the ids that there are. */
export function productOf(view: CatalogView, wanted: string): Product {
  const form = idForm(wanted);
  const found = view.products.find(({ id, name }) => id === form || idForm(name) === form);
  if (found) return found;
  const ids = view.products.map(({ id }) => id);
  const some = ids.length > 40 ? `${ids.slice(0, 40).join(', ')} and more: ask search_services` : ids.join(', ');
  throw new CannotAnswer(`No service has that id. These are sold: ${some}.`);
}

/** Finds the currency, the catalogue's first where none is named. Throws CannotAnswer with those in which anything is sold. */
export function currencyOf(view: CatalogView, wanted: string | undefined): Currency {
  const [first] = view.currencies;
  if (wanted === undefined && first) return first.code;
  const found = view.currencies.find(({ code }) => code === wanted?.trim().toUpperCase());
  if (found) return found.code;
  const codes = view.currencies.map(({ code }) => code);
  throw new CannotAnswer(`Nothing is sold in that currency. Use ${listed(codes, 'or')}.`);
}

/** Finds the membership that somebody is taken to hold. Null for none. Throws CannotAnswer with those that there are. */
export function membershipOf(view: CatalogView, wanted: string | undefined): string | null {
  if (wanted === undefined) return null;
  const memberships = view.products.filter(({ kind }) => kind === 'membership');
  const found = memberships.find(({ id, name }) => id === idForm(wanted) || idForm(name) === idForm(wanted));
  if (found) return found.id;
  throw new CannotAnswer(
    `There is no such membership. Use ${listed(
      memberships.map(({ id }) => id),
      'or',
    )}, or leave membership out.`,
  );
}

/** Finds each item in the catalogue, and the cycle where there is only one. Throws CannotAnswer that says what to name. */
export function basketOf(
  view: CatalogView,
  items: readonly {
    readonly productId: string;
    readonly cycle?: BillingCycle | undefined;
    readonly quantity: number;
  }[],
  currency: Currency,
): BasketItem[] {
  const seen = new Set<string>();
  return items.map(({ productId, cycle, quantity }) => {
    const product = productOf(view, productId);
    const item = { productId: product.id, cycle: cycleOf(product, cycle, currency), quantity };
    const name = `${item.productId} (${item.cycle})`;
    if (seen.has(name)) throw new CannotAnswer(`${name} is listed twice: list it once with its quantity.`);
    seen.add(name);
    if (product.oncePerPerson && quantity > 1) {
      throw new CannotAnswer(`${product.id} is sold once to each person: use quantity 1.`);
    }
    return item;
  });
}

function cycleOf(product: Product, wanted: BillingCycle | undefined, currency: Currency): BillingCycle {
  if (product.billing === 'free') {
    throw new CannotAnswer(`${product.id} costs nothing and is switched on in the app, not bought: leave it out.`);
  }
  const cycles = product.prices.flatMap(({ unit, cycle }) => (unit === currency ? [cycle] : []));
  const [only] = cycles;
  if (only === undefined) throw new CannotAnswer(`${product.id} has no price in ${currency}.`);
  if (wanted === undefined && cycles.length === 1) return only;
  if (wanted !== undefined && cycles.includes(wanted)) return wanted;
  throw new CannotAnswer(`${product.id} is sold ${listed(cycles, 'or')}: name one as its cycle.`);
}

import { z } from 'zod';
import type { Product } from '../../../shared/api/catalog.ts';
import { currencyArgument, currencyOf, productIdArgument, productOf } from '../lookups.ts';
import { serviceOf, serviceSchema, type ServiceView } from '../service-view.ts';
import { CannotAnswer, declareTool } from '../tool.ts';
import { listed, priceInWords } from '../words.ts';

/** Compares services side by side. */
export const comparePlans = declareTool({
  name: 'compare_plans',
  title: 'Compare plans',
  description:
    'Puts two to five services side by side, as a table and as differences in words. Use it when somebody hesitates between plans or memberships. Without ids it compares everything that brings an eSIM line: the starter, the data plan and the memberships.',
  input: z.strictObject({
    ids: z.array(productIdArgument).min(2).max(5).optional().describe('Ids of the services to compare.'),
    currency: currencyArgument,
  }),
  output: z.object({
    summary: z.string(),
    catalogVersion: z.int(),
    currency: z.string(),
    plans: z.array(serviceSchema),
    rows: z
      .array(z.object({ label: z.string(), values: z.array(z.string()).describe('In the order of plans.') }))
      .describe('The same as a table.'),
    differences: z.array(z.string()).describe('Where they differ, in words.'),
  }),
  example: { ids: ['basic_membership', 'full_membership'] },
  card: true,
  run: ({ ids, currency }, { view, appUrl }) => {
    const code = currencyOf(view, currency);
    const chosen = ids ? [...new Set(ids.map((id) => productOf(view, id)))] : view.products.filter(isPlan).slice(0, 5);
    if (chosen.length < 2) throw new CannotAnswer('Name at least two different services, or leave ids out.');
    const plans = chosen.map((product) => serviceOf(product, appUrl, code));
    const rows = labels.map(([label, valueOf]) => ({ label, values: plans.map(valueOf) }));
    const differing = rows.filter(({ label, values }) => label !== descriptionLabel && new Set(values).size > 1);
    const differences = differing.map(
      ({ label, values }) =>
        `${label}: ${listed(values.map((value, index) => `${plans[index]?.name ?? ''} ${value}`))}.`,
    );
    return {
      summary: `${listed(plans.map(({ name }) => name))} compared, prices in ${code} before tax. ${differences.join(' ')}`,
      catalogVersion: view.version,
      currency: code,
      plans,
      rows,
      differences,
    };
  },
});

function isPlan(product: Product): boolean {
  return product.includesLine && product.sellable;
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

/** Whole sentences differ in every word: as a difference they would say nothing. */
const descriptionLabel = 'What it does';

const labels: readonly (readonly [string, (plan: ServiceView) => string])[] = [
  ['Price', (plan) => (plan.isFree ? 'free' : plan.prices.map(priceInWords).join(' or ') || 'none in this currency')],
  ['Data', ({ data }) => data ?? 'none included'],
  ['Valid', (plan) => validity(plan)],
  ['eSIM line', ({ includesEsim }) => yesNo(includesEsim)],
  ['Once for each person', ({ oncePerPerson }) => yesNo(oncePerPerson)],
  ['Needs', ({ needs }) => needs ?? 'nothing else'],
  ['Only in', ({ onlyInCountries }) => onlyInCountries?.join(', ') ?? 'no limit'],
  ['Reward in DOTM', ({ rewardPercent }) => rewardPercent],
  [descriptionLabel, ({ description }) => description],
];

function validity(plan: ServiceView): string {
  if (plan.validityDays !== null) return `${String(plan.validityDays)} days`;
  return plan.data === null ? 'as long as it is paid' : 'no expiry';
}

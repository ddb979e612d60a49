import { describe, expect, test } from 'vitest';
import type { CatalogContent } from '../../../../../functions/src/shared/api/catalog-content.ts';
import type { DraftForm } from './draft-form.ts';
import { readForm, toForm } from './draft-form.ts';

const goods = {
  kind: 'connectivity',
  billing: 'one_time',
  oncePerPerson: false,
  includesLine: true,
  sellable: true,
  countries: null,
  rewardBasisPoints: 1033,
} as const;

const sold: CatalogContent = {
  currencies: [
    { code: 'USD', rewardRate: '1' },
    { code: 'CAD', rewardRate: '0.73' },
  ],
  excludedCountries: [],
  products: [
    {
      ...goods,
      id: 'esim_starter',
      name: 'eSIM starter',
      oncePerPerson: true,
      dataBytes: '1000000000',
      validityDays: 10,
      prices: [
        { cycle: 'one_time', unit: 'USD', amount: '1.00' },
        { cycle: 'one_time', unit: 'CAD', amount: '1.39' },
      ],
    },
    {
      ...goods,
      id: 'global_data_10gb',
      name: 'Global data 10 GB',
      dataBytes: '10000000000',
      validityDays: null,
      prices: [
        { cycle: 'one_time', unit: 'USD', amount: '20.00' },
        { cycle: 'one_time', unit: 'CAD', amount: '27.99' },
      ],
    },
  ],
  bundles: [{ id: 'network_bundle', kind: 'network_feature', minimumProducts: 3, basisPointsOff: 1500 }],
  memberDiscounts: [
    { id: 'full_member_features', membershipId: 'full_membership', kind: 'network_feature', basisPointsOff: 2000 },
  ],
};

function typed(change: (form: DraftForm) => void): ReturnType<typeof readForm> {
  const form = structuredClone(toForm(sold));
  change(form);
  return readForm(form);
}

describe('what an operator types', () => {
  test('is the same draft again where nothing was typed', () => {
    expect(readForm(toForm(sold))).toEqual({ content: sold, invalid: new Map() });
  });

  test('may have a comma for a point, and spaces around it', () => {
    const { content } = typed((form) => {
      form.products[0]!.prices = { ...form.products[0]!.prices, 'USD/one_time': ' 1,2 ' };
      form.excludedCountries = 'kp, ir ';
    });
    expect(content?.products[0]?.prices[0]).toEqual({ cycle: 'one_time', unit: 'USD', amount: '1.20' });
    expect(content?.excludedCountries).toEqual(['KP', 'IR']);
  });

  test('is told with its field where it is no number, and nothing of it is saved', () => {
    const { content, invalid } = typed((form) => {
      form.products[0]!.prices = { 'USD/one_time': 'one' };
      form.products[1]!.reward = '101';
      form.products[1]!.megabytes = '-5';
      form.bundles[0]!.percent = '';
      form.excludedCountries = 'Korea';
      form.currencies[1]!.rewardRate = '1.';
    });
    expect(content).toBeNull();
    expect(Object.fromEntries(invalid)).toEqual({
      'product/esim_starter/USD/one_time': 'amount',
      'product/global_data_10gb/reward': 'percent',
      'product/global_data_10gb/megabytes': 'number',
      'bundle/network_bundle/percent': 'percent',
      excludedCountries: 'countries',
      'currency/CAD/rewardRate': 'rate',
    });
  });

  test('an empty price is no price, and what is free has none', () => {
    const { content } = typed((form) => {
      form.products[0]!.prices = { ...form.products[0]!.prices, 'CAD/one_time': '' };
      form.products[1]!.billing = 'free';
    });
    expect(content?.products[0]?.prices.map(({ unit }) => unit)).toEqual(['USD']);
    expect(content?.products[1]?.prices).toEqual([]);
  });
});

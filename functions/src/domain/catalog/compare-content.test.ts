import { describe, expect, it } from 'vitest';
import type { CatalogContent } from '../../shared/api/catalog-content.ts';
import { compareContent } from './compare-content.ts';
import { startingCatalog } from './starting-catalog.ts';

function changed(change: (content: CatalogContent) => void): CatalogContent {
  const content = structuredClone(startingCatalog);
  change(content);
  return content;
}

describe('what would change', () => {
  it('is nothing between contents that say the same', () => {
    expect(compareContent(startingCatalog, structuredClone(startingCatalog))).toEqual([]);
  });

  it('is nothing where the same price is written in another way', () => {
    const shorter = changed((content) => (content.products[0]!.prices[0]!.amount = '1'));
    expect(compareContent(startingCatalog, shorter)).toEqual([]);
  });

  it('names the price with its currency and cycle, before and after', () => {
    const dearer = changed((content) => (content.products[0]!.prices[0]!.amount = '1.20'));
    expect(compareContent(startingCatalog, dearer)).toEqual([
      { area: 'price', id: 'esim_starter', field: 'USD/one_time', from: '1.00 USD', to: '1.20 USD' },
    ]);
  });

  it('tells of what comes and what goes', () => {
    const other = changed((content) => {
      content.bundles = [];
      content.currencies.pop();
      content.excludedCountries = ['KP'];
    });
    const changes = compareContent(startingCatalog, other);
    expect(changes).toContainEqual({
      area: 'bundle',
      id: 'network_bundle',
      field: 'basisPointsOff',
      from: '1500',
      to: null,
    });
    expect(changes).toContainEqual({ area: 'currency', id: 'CAD', field: 'rewardRate', from: '0.73', to: null });
    expect(changes).toContainEqual({ area: 'countries', id: '', field: 'excluded', from: '', to: 'KP' });
  });

  it('reads backwards as the opposite', () => {
    const other = changed((content) => {
      content.products.reverse();
      content.products[0]!.countries = null;
      content.products[0]!.dataBytes = '5';
    });
    const there = compareContent(startingCatalog, other);
    const back = compareContent(other, startingCatalog).map(({ from, to, ...rest }) => ({
      ...rest,
      from: to,
      to: from,
    }));
    const key = ({ area, id, field }: (typeof there)[number]) => `${area}/${id}/${field}`;
    expect(back.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))).toEqual(
      there.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
    );
  });
});

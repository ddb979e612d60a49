import { fromMoney, toMoney } from '../../src/shared/money.ts';
import { publishCatalog, readCatalog } from '../../src/store/catalog.ts';
import type { TestServices } from './services.ts';

/** Publishes the catalogue anew, effective at once, with `cents` more on every price. Returns its version. */
export async function raisePrices(services: TestServices, cents: bigint): Promise<number> {
  const now = services.clock.now();
  const {
    version,
    publishedAt: _publishedAt,
    effectiveAt: _effectiveAt,
    ...content
  } = await readCatalog(services.db, now);
  const products = content.products.map((product) => ({
    ...product,
    prices: product.prices.map((price) => ({
      cycle: price.cycle,
      ...toMoney(price.unit, fromMoney(price) + cents),
    })),
  }));
  await services.db.transaction((tx) => publishCatalog(tx, version + 1, { ...content, products }, now));
  return version + 1;
}

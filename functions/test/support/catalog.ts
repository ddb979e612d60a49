import { asCurrency, fromDecimal, toMoney, type Currency } from '../../src/shared/money.ts';
import type { CatalogContent } from '../../src/shared/api/catalog-content.ts';
import type { CatalogVersion } from '../../src/shared/api/catalog-versions.ts';
import type { Services } from '../../src/platform/container.ts';
import { call, need } from './shopping.ts';

/** A content with one price changed. */
export function withPrice(content: CatalogContent, productId: string, unit: Currency, amount: string): CatalogContent {
  const products = content.products.map((product) => {
    if (product.id !== productId) return product;
    const prices = product.prices.map((price) => (price.unit === unit ? { ...price, amount } : price));
    return { ...product, prices };
  });
  return { ...content, products };
}

/** A content that sells in one more currency, at the numbers of the US prices. */
export function withCurrency(content: CatalogContent, code: string, rewardRate: string): CatalogContent {
  const unit = asCurrency(code);
  const products = content.products.map((product) => {
    const dollars = product.prices.filter((price) => price.unit === 'USD');
    const added = dollars.map(({ cycle, amount }) => ({ cycle, ...toMoney(unit, fromDecimal('USD', amount)) }));
    return { ...product, prices: [...product.prices, ...added] };
  });
  return { ...content, currencies: [...content.currencies, { code: unit, rewardRate }], products };
}

/** Makes a draft of the version that was published last, changes it and publishes it, as an operator does. */
export async function publishChange(
  services: Services,
  token: string,
  change: (content: CatalogContent) => CatalogContent,
  effectiveAt?: Date,
): Promise<CatalogVersion> {
  const { versions } = await call(services, 'listCatalogVersions', {}, { token });
  const last = need(versions.find(({ state }) => state !== 'draft'));
  const { version, revision } = await call(services, 'createCatalogDraft', { fromVersion: last.version }, { token });
  const { content } = await call(services, 'getCatalogVersion', { version: String(version) }, { token });
  await call(
    services,
    'updateCatalogDraft',
    { version: String(version), revision, content: change(content) },
    { token },
  );
  const checked = await call(services, 'checkCatalogDraft', { version: String(version) }, { token });
  const publish = { version: String(version), revision: checked.revision, against: checked.against };
  const from = effectiveAt === undefined ? {} : { effectiveAt: effectiveAt.toISOString() };
  return call(services, 'publishCatalog', { ...publish, ...from }, { token });
}

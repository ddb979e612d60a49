import { startingCatalog } from '../../domain/catalog/starting-catalog.ts';
import type { Services } from '../../platform/container.ts';
import { fromDecimal } from '../../shared/money.ts';
import { priceBook, publishCatalog, readCatalog } from '../../store/catalog.ts';
import { ensurePrice } from '../../vendors/payments/ensure-price.ts';

/** Version of the catalogue that a fresh installation starts with. */
const startingVersion = 1;

/** Publishes the starting catalogue where none is, and makes its prices at the payment provider. Safe to repeat. */
export async function publishStartingCatalog(services: Services): Promise<{ published: boolean; prices: number }> {
  const { db, clock } = services;
  const published = await db.transaction((tx) => publishCatalog(tx, startingVersion, startingCatalog, clock.now()));
  const payments = await services.payments();
  const book = priceBook(db, clock.now());
  const catalog = await readCatalog(db, clock.now());
  let prices = 0;
  for (const { id: productId, name: productName, sellable, prices: listed } of catalog.products) {
    if (!sellable) continue;
    for (const { cycle, unit: currency, amount } of listed) {
      const price = { productId, productName, cycle, currency, amount: fromDecimal(currency, amount) };
      await ensurePrice(payments, book, price);
      prices += 1;
    }
  }
  return { published, prices };
}

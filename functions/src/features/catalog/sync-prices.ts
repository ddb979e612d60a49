import type { JobHandler } from '../../platform/jobs.ts';
import { fromDecimal } from '../../shared/money.ts';
import { priceBook, readCatalogVersion } from '../../store/catalog.ts';
import { readLastPublished } from '../../store/catalog-versions.ts';
import { ensurePrice } from '../../vendors/payments/ensure-price.ts';

/**
 * Works off `catalog.sync`: makes every price that a version sells at the payment provider, so that no buyer waits for it, and gives
 * its products their names there. Each price is written down as soon as it is made: an attempt that was cut off goes on where it ended.
 */
export const syncPrices: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const catalog = await readCatalogVersion(db, Number(job.payload['version']));
  // Names are those of the version that was published last, in whatever order the jobs of several come.
  const isLast = (await readLastPublished(db)) === catalog.version;
  const payments = await services.payments();
  for (const { id: productId, name: productName, sellable, prices } of catalog.products) {
    if (!sellable) continue;
    // A large catalogue takes longer than one lease.
    await job.renew();
    const book = priceBook(db, clock.now());
    if (isLast && prices.length > 0) await payments.syncProduct(productId, productName);
    for (const { cycle, unit: currency, amount } of prices) {
      const price = { productId, productName, cycle, currency, amount: fromDecimal(currency, amount) };
      await ensurePrice(payments, book, price);
    }
  }
  await db.transaction((tx) => job.finish(tx));
};

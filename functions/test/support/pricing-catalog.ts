import { startingCatalog } from '../../src/domain/catalog/starting-catalog.ts';
import type { PricingCatalog } from '../../src/domain/pricing/catalog.ts';
import { pricingCatalogOf, type PricedView } from '../../src/domain/pricing/from-view.ts';

/** The starting catalogue as the pricing engine sees it. */
export const pricingView: PricedView = { version: 1, ...startingCatalog };
export const pricingCatalog: PricingCatalog = pricingCatalogOf(pricingView);

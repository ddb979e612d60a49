import type { Surroundings } from '../../domain/catalog/check-content.ts';
import type { Services } from '../../platform/container.ts';
import type { Queryable } from '../../platform/db.ts';
import { isCurrency } from '../../shared/money.ts';
import { listProductsInUse } from '../../store/catalog-versions.ts';
import { isCountedAlike } from '../../vendors/payments/currency-digits.ts';

/** Reads what a content must fit besides itself: running subscriptions, the carrier's plans, how the payment provider counts. */
export async function readSurroundings(db: Queryable, { policy }: Services): Promise<Surroundings> {
  return {
    heldProducts: new Set(await listProductsInUse(db)),
    plannedProducts: new Set(Object.keys(policy.carrierPlanIds)),
    isCountedAlike: (code) => isCurrency(code) && isCountedAlike(code),
  };
}

import type { Handler } from '../../platform/operations.ts';
import { listPromotions as readPromotions } from '../../store/promotions.ts';
import { viewPromotion } from './view-promotion.ts';

/** More than anybody runs; the newest are what an operator looks for. */
const limit = 200;

/** Promotions with how often each was used, newest first. */
export const listPromotions: Handler<'listPromotions'> = async ({ services }) => ({
  promotions: (await readPromotions(services.db, limit)).map(viewPromotion),
});

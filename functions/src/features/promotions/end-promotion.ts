import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { findPromotion, stopPromotion } from '../../store/promotions.ts';
import { viewPromotion } from './view-promotion.ts';

/** Stops a promotion at once. Orders that hold it keep it; one that was stopped stays as it is. Throws `not_found`. */
export const endPromotion: Handler<'endPromotion'> = async ({ services, identity, role }, { code, reason }) => {
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    await stopPromotion(tx, code, now);
    const promotion = await findPromotion(tx, code);
    if (!promotion) throw new CodedError('not_found', `no promotion ${code}`);
    const detail = { reason };
    await audit(tx, { actor: identity.uid, role, action: 'promotion.ended', subject: code, detail }, now);
    return viewPromotion(promotion);
  });
};

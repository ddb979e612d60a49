import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { readWish } from './plan-wish.ts';
import { pinnedSecond, reckonChange, viewReckoning } from './reckon-change.ts';

/** Says what a change of plan would cost, for this very second; the answer names it, so that it can be charged as shown. */
export const previewPlanChange: Handler<'previewPlanChange'> = async ({ services, identity }, wish) => {
  const granted = await readWish(services, identity, wish);
  if (granted.kind === 'keep' && !granted.planned) {
    throw new CodedError('plan.unavailable', `${wish.productId} is the plan of ${wish.subscriptionId} already`);
  }
  const at = pinnedSecond(granted, services.clock.now());
  return viewReckoning(granted, await reckonChange(services, granted, at));
};

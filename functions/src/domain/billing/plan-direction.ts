import type { PlanPrice } from './proration.ts';

/** A plan that somebody has or may change to. */
export interface Plan extends PlanPrice {
  readonly productId: string;
  readonly kind: string;
}

/**
 * Says which way a change goes. Up (a longer period, or more money for the same) happens at once and is charged for the time that is left;
 * down happens at the next renewal, and no money moves before. Null where there is no way: things of different kinds are bought, not
 * changed to, and so is another feature: only a membership takes the place of another product.
 */
export function directionOf(from: Plan, to: Plan): 'same' | 'upgrade' | 'downgrade' | null {
  if (from.productId === to.productId && from.cycle === to.cycle) return 'same';
  const mayReplace = from.productId === to.productId || (from.kind === 'membership' && to.kind === 'membership');
  if (!mayReplace) return null;
  if (from.cycle !== to.cycle) return to.cycle === 'annual' ? 'upgrade' : 'downgrade';
  return to.amount >= from.amount ? 'upgrade' : 'downgrade';
}

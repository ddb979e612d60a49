import { CodedError } from '../../shared/errors.ts';
import type { OrderState } from '../../shared/order.ts';

/**
 * Which state may follow which. A paid order can only end connected (`released` and later) or with its money back. `expired`
 * goes to `refunding` when money arrives after all: nobody's money is kept for an order that was given up. `refunded` goes back to
 * `refunding` when the bank returns the refund: the money is with us again, and still the member's.
 */
const next: Record<OrderState, readonly OrderState[]> = {
  created: ['paid', 'expired', 'refunding'],
  paid: ['provisioning', 'refunding'],
  provisioning: ['released', 'active', 'refunding'],
  released: ['installed', 'active', 'refunding'],
  installed: ['active', 'refunding'],
  active: ['refunding'],
  refunding: ['refunded'],
  refunded: ['refunding'],
  expired: ['refunding'],
};

/** True when an order may go from one state to the other. */
export function mayMove(from: OrderState, to: OrderState): boolean {
  return next[from].includes(to);
}

/** Throws `order.wrong_state` unless an order may go from one state to the other. */
export function assertMayMove(from: OrderState, to: OrderState): void {
  if (!mayMove(from, to)) throw new CodedError('order.wrong_state', `an order can't go from ${from} to ${to}`);
}

/** States in which the member's money is with us and what was promised has not been delivered. */
export const undelivered: readonly OrderState[] = ['paid', 'provisioning'];
/** States in which what was promised has been delivered. */
export const delivered: readonly OrderState[] = ['released', 'installed', 'active'];

import { ApiError } from '../../api/errors.ts';

/** Where to go when the order cannot be made: most refusals mean that the member has the thing already. */
export function wayOut(error: unknown): {
  to: string;
  text: 'checkout.toEsim' | 'checkout.toAccount' | 'checkout.toPlans';
} {
  const code = error instanceof ApiError ? error.code : '';
  if (code === 'order.once_per_person') return { to: '/esim', text: 'checkout.toEsim' };
  if (code === 'order.membership_active') return { to: '/account', text: 'checkout.toAccount' };
  return { to: '/plans', text: 'checkout.toPlans' };
}

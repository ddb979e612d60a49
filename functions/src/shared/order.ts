/**
 * States of an order. `created` waits for money; from `paid` on an order ends in exactly one of two ways, eSIM ready
 * (`released` and later) or money back (`refunded`), whatever fails on the way.
 */
export const orderStates = [
  'created',
  'paid',
  'provisioning',
  'released',
  'installed',
  'active',
  'refunding',
  'refunded',
  'expired',
] as const;
export type OrderState = (typeof orderStates)[number];

/** Kinds of events on an order's timeline; each has a text in the locale files (`timeline.<kind>`). */
export const orderEventKinds = [
  'created',
  'checkout_opened',
  'payment_declined',
  'payment_pending',
  'payment_failed',
  'paid',
  'provisioning_started',
  'line_created',
  'line_reused',
  'plan_added',
  'membership_activated',
  'released',
  'number_assigned',
  'mail_sent',
  'installed',
  'activated',
  'reward_accrued',
  'credit_used',
  'credit_returned',
  'refund_started',
  'refunded_in_part',
  'refunded',
  'refund_failed',
  'dispute_opened',
  'dispute_won',
  'dispute_lost',
  'expired',
] as const;
export type OrderEventKind = (typeof orderEventKinds)[number];

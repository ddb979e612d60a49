import type { EventHandler } from './event.ts';

/** Which events do something here. All others are kept and ignored: the provider adds types when it likes. */
export const eventHandlers: Record<string, () => Promise<EventHandler>> = {
  'checkout.session.completed': async () => (await import('./checkout-session.ts')).onCheckoutSession,
  'checkout.session.async_payment_succeeded': async () => (await import('./checkout-session.ts')).onCheckoutSession,
  'checkout.session.async_payment_failed': async () => (await import('./checkout-session.ts')).onCheckoutSession,
  'checkout.session.expired': async () => (await import('./checkout-session.ts')).onCheckoutSession,
  'payment_intent.payment_failed': async () => (await import('./payment-failed.ts')).onPaymentFailed,
  'invoice.paid': async () => (await import('./invoice.ts')).onInvoicePaid,
  'invoice.payment_failed': async () => (await import('./invoice.ts')).onInvoicePaymentFailed,
  'customer.subscription.created': async () => (await import('./subscription.ts')).onSubscription,
  'customer.subscription.updated': async () => (await import('./subscription.ts')).onSubscription,
  'customer.subscription.deleted': async () => (await import('./subscription.ts')).onSubscription,
  'charge.refunded': async () => (await import('./refund.ts')).onChargeRefunded,
  'refund.created': async () => (await import('./refund.ts')).onRefund,
  'refund.updated': async () => (await import('./refund.ts')).onRefund,
  'refund.failed': async () => (await import('./refund.ts')).onRefund,
  'charge.dispute.created': async () => (await import('./dispute.ts')).onDispute,
  'charge.dispute.updated': async () => (await import('./dispute.ts')).onDispute,
  'charge.dispute.closed': async () => (await import('./dispute.ts')).onDispute,
};

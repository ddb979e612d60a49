import type { Handlers } from './platform/operations.ts';

/** For every operation the code that serves it, loaded when it is first called. */
export const handlers: Handlers = {
  cancelOrder: async () => (await import('./features/orders/cancel-order.ts')).cancelOrder,
  closeAlert: async () => (await import('./features/admin/close-alert.ts')).closeAlert,
  confirmInstallation: async () => (await import('./features/lines/confirm-installation.ts')).confirmInstallation,
  deleteAccount: async () => (await import('./features/accounts/delete-account.ts')).deleteAccount,
  exportAccount: async () => (await import('./features/accounts/export-account.ts')).exportAccount,
  findMember: async () => (await import('./features/admin/find-member.ts')).findMember,
  getAccount: async () => (await import('./features/accounts/get-account.ts')).getAccount,
  getCatalog: async () => (await import('./features/catalog/get-catalog.ts')).getCatalog,
  getLine: async () => (await import('./features/lines/get-line.ts')).getLine,
  getOrder: async () => (await import('./features/orders/get-order.ts')).getOrder,
  getRewards: async () => (await import('./features/rewards/get-rewards.ts')).getRewards,
  listAlerts: async () => (await import('./features/admin/list-alerts.ts')).listAlerts,
  listDifferences: async () => (await import('./features/admin/list-differences.ts')).listDifferences,
  listLines: async () => (await import('./features/lines/list-lines.ts')).listLines,
  listOrders: async () => (await import('./features/orders/list-orders.ts')).listOrders,
  openBillingPortal: async () => (await import('./features/orders/open-billing-portal.ts')).openBillingPortal,
  refundOrder: async () => (await import('./features/admin/refund-order.ts')).refundOrder,
  resendEsimMail: async () => (await import('./features/lines/resend-esim-mail.ts')).resendEsimMail,
  retryJob: async () => (await import('./features/admin/retry-job.ts')).retryJob,
  startCheckout: async () => (await import('./features/orders/start-checkout.ts')).startCheckout,
  updateAccount: async () => (await import('./features/accounts/update-account.ts')).updateAccount,
};

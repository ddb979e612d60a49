import type { OperationName } from '../../src/shared/api/index.ts';

/** Ids of what belongs to one member, and of what operators work on. */
export interface Belongings {
  orderId: string;
  lineId: string;
  jobId: string;
  alertId: string;
  memberId: string;
}

/** For each operation an input that is good. A new operation has to be added here: the compiler asks for it. */
export const goodInputs: Record<OperationName, (of: Belongings) => Record<string, unknown>> = {
  cancelOrder: ({ orderId }) => ({ orderId }),
  closeAlert: ({ alertId }) => ({ alertId, reason: 'tried by a test' }),
  confirmInstallation: ({ lineId }) => ({ lineId }),
  deleteAccount: () => ({ confirm: 'DELETE' }),
  exportAccount: () => ({}),
  findMember: ({ memberId }) => ({ memberId }),
  getAccount: () => ({}),
  getCatalog: () => ({}),
  getLine: ({ lineId }) => ({ lineId }),
  getOrder: ({ orderId }) => ({ orderId }),
  getRewards: () => ({}),
  listAlerts: () => ({}),
  listDifferences: () => ({}),
  listLines: () => ({}),
  listOrders: () => ({}),
  openBillingPortal: () => ({}),
  refundOrder: ({ orderId }) => ({ orderId, reason: 'tried by a test' }),
  resendEsimMail: ({ lineId }) => ({ lineId }),
  retryJob: ({ jobId }) => ({ jobId, reason: 'tried by a test' }),
  startCheckout: () => ({ items: [{ productId: 'global_data_10gb' }], currency: 'USD' }),
  updateAccount: () => ({ displayName: 'Somebody' }),
};

import { startingCatalog } from '../../src/domain/catalog/starting-catalog.ts';
import type { OperationName } from '../../src/shared/api/index.ts';

/** Ids of what belongs to one member, and of what operators work on. */
export interface Belongings {
  orderId: string;
  lineId: string;
  /** A basic membership that is paid by the year. */
  subscriptionId: string;
  jobId: string;
  alertId: string;
  memberId: string;
  promotionCode: string;
  /** Drafts of the catalogue: one to look at and change, one to publish, one to throw away. */
  drafts: { kept: string; published: string; discarded: string };
  /** A token of `createQuote`. */
  quote: string;
}

/** For each operation an input that is good. A new operation has to be added here: the compiler asks for it. */
export const goodInputs: Record<OperationName, (of: Belongings) => Record<string, unknown>> = {
  cancelOrder: ({ orderId }) => ({ orderId }),
  cancelSubscription: ({ subscriptionId }) => ({ subscriptionId }),
  changePlan: ({ subscriptionId }) => ({
    ...fullMembership(subscriptionId),
    prorationDate: '2026-11-20T10:00:00Z',
    dueNow: { unit: 'USD', amount: '42.00' },
  }),
  checkCatalogDraft: ({ drafts }) => ({ version: drafts.kept }),
  closeAlert: ({ alertId }) => ({ alertId, reason: 'tried by a test' }),
  confirmInstallation: ({ lineId }) => ({ lineId }),
  createCatalogDraft: () => ({ fromVersion: 1 }),
  createPromotion: () => ({ code: `TRY-${crypto.randomUUID().slice(0, 8)}`, basisPoints: 1000 }),
  createQuote: () => ({ items: [{ productId: 'global_data_10gb', cycle: 'one_time' }], currency: 'USD' }),
  deleteAccount: () => ({ confirm: 'DELETE' }),
  discardCatalogDraft: ({ drafts }) => ({ version: drafts.discarded }),
  endPromotion: ({ promotionCode }) => ({ code: promotionCode, reason: 'tried by a test' }),
  exportAccount: () => ({}),
  findMember: ({ memberId }) => ({ memberId }),
  getAccount: () => ({}),
  getCatalog: () => ({}),
  getCatalogVersion: () => ({ version: '1' }),
  getLine: ({ lineId }) => ({ lineId }),
  getOrder: ({ orderId }) => ({ orderId }),
  getRewards: () => ({}),
  listAlerts: () => ({}),
  listCatalogVersions: () => ({}),
  listDifferences: () => ({}),
  listLines: () => ({}),
  listOrders: () => ({}),
  listPromotions: () => ({}),
  openBillingPortal: () => ({}),
  previewPlanChange: ({ subscriptionId }) => fullMembership(subscriptionId),
  priceBasket: () => ({ items: [{ productId: 'global_data_10gb', cycle: 'one_time' }], currency: 'USD' }),
  publishCatalog: ({ drafts }) => ({ version: drafts.published, revision: 1, against: 1 }),
  readQuote: ({ quote }) => ({ quote }),
  refreshQuote: ({ quote }) => ({ quote }),
  refundOrder: ({ orderId }) => ({ orderId, reason: 'tried by a test' }),
  resendEsimMail: ({ lineId }) => ({ lineId }),
  resumeSubscription: ({ subscriptionId }) => ({ subscriptionId }),
  retryJob: ({ jobId }) => ({ jobId, reason: 'tried by a test' }),
  startCheckout: () => ({ items: [{ productId: 'global_data_10gb' }], currency: 'USD' }),
  updateAccount: () => ({ displayName: 'Somebody' }),
  updateCatalogDraft: ({ drafts }) => ({ version: drafts.kept, revision: 1, content: startingCatalog }),
};

function fullMembership(subscriptionId: string): Record<string, unknown> {
  return { subscriptionId, productId: 'full_membership', cycle: 'annual' };
}

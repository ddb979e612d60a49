import { startingCatalog } from '../../src/domain/catalog/starting-catalog.ts';
import type { OperationName } from '../../src/shared/api/index.ts';

/** Ids of what belongs to one member, and of what operators work on. */
export interface Belongings {
  orderId: string;
  lineId: string;
  /** What the order earned. */
  rewardId: string;
  /** A basic membership that is paid by the year. */
  subscriptionId: string;
  jobId: string;
  alertId: string;
  memberId: string;
  /** A day whose statement of what is owed has the member in it. */
  statementDate: string;
  promotionCode: string;
  /** Drafts of the catalogue: one to look at and change, one to publish, one to throw away. */
  drafts: { kept: string; published: string; discarded: string };
  /** Planned payments: one to look at and let go out, one to reject. */
  runs: { approved: string; rejected: string };
  /** A batch of a payment whose tokens were given back. */
  batchId: string;
  /** A message to the member and its signature, by a wallet of its own. */
  walletProof: { nonce: string; signature: string };
  /** A publication of voice texts. */
  voiceRunId: string;
  /** A sentence that failed to be recorded. */
  clipKey: string;
  /** A token of `createQuote`. */
  quote: string;
}

/** For each operation an input that is good. A new operation has to be added here: the compiler asks for it. */
export const goodInputs: Record<OperationName, (of: Belongings) => Record<string, unknown>> = {
  approveDistribution: ({ runs }) => ({ runId: runs.approved, reason: 'tried by a test' }),
  cancelOrder: ({ orderId }) => ({ orderId }),
  cancelSubscription: ({ subscriptionId }) => ({ subscriptionId }),
  cancelWalletChange: () => ({}),
  changePlan: ({ subscriptionId }) => ({
    ...fullMembership(subscriptionId),
    prorationDate: '2026-11-20T10:00:00Z',
    dueNow: { unit: 'USD', amount: '42.00' },
  }),
  checkCatalogDraft: ({ drafts }) => ({ version: drafts.kept }),
  closeAlert: ({ alertId }) => ({ alertId, reason: 'tried by a test' }),
  confirmInstallation: ({ lineId }) => ({ lineId }),
  confirmWalletLink: ({ walletProof }) => walletProof,
  createCatalogDraft: () => ({ fromVersion: 1 }),
  createPromotion: () => ({ code: `TRY-${crypto.randomUUID().slice(0, 8)}`, basisPoints: 1000 }),
  createQuote: () => ({ items: [{ productId: 'global_data_10gb', cycle: 'one_time' }], currency: 'USD' }),
  deleteAccount: () => ({ confirm: 'DELETE' }),
  discardCatalogDraft: ({ drafts }) => ({ version: drafts.discarded }),
  endPromotion: ({ promotionCode }) => ({ code: promotionCode, reason: 'tried by a test' }),
  explainReward: ({ rewardId }) => ({ rewardId }),
  exportAccount: () => ({}),
  findMember: ({ memberId }) => ({ memberId }),
  getAccount: () => ({}),
  getCatalog: () => ({}),
  getCatalogVersion: () => ({ version: '1' }),
  getDistribution: ({ runs }) => ({ runId: runs.approved }),
  getLine: ({ lineId }) => ({ lineId }),
  getOrder: ({ orderId }) => ({ orderId }),
  getRewardProof: ({ statementDate }) => ({ date: statementDate }),
  getRewards: () => ({}),
  getRewardStatement: () => ({ date: 'latest' }),
  getToken: () => ({}),
  listAlerts: () => ({}),
  listCatalogVersions: () => ({}),
  listDifferences: () => ({}),
  listDistributions: () => ({}),
  listLines: () => ({}),
  listOrders: () => ({}),
  listPromotions: () => ({}),
  listRewardMovements: () => ({}),
  listRewardStatements: () => ({}),
  openBillingPortal: () => ({}),
  planDistribution: () => ({ dryRun: true }),
  previewCredit: ({ quote }) => ({ quote }),
  previewPlanChange: ({ subscriptionId }) => fullMembership(subscriptionId),
  priceBasket: () => ({ items: [{ productId: 'global_data_10gb', cycle: 'one_time' }], currency: 'USD' }),
  publishCatalog: ({ drafts }) => ({ version: drafts.published, revision: 1, against: 1 }),
  readQuote: ({ quote }) => ({ quote }),
  refreshQuote: ({ quote }) => ({ quote }),
  refundOrder: ({ orderId }) => ({ orderId, reason: 'tried by a test' }),
  rejectDistribution: ({ runs }) => ({ runId: runs.rejected, reason: 'tried by a test' }),
  releaseConflict: ({ batchId }) => ({ batchId, reason: 'tried by a test' }),
  resendEsimMail: ({ lineId }) => ({ lineId }),
  resumeSubscription: ({ subscriptionId }) => ({ subscriptionId }),
  retryJob: ({ jobId }) => ({ jobId, reason: 'tried by a test' }),
  startCheckout: () => ({ items: [{ productId: 'global_data_10gb' }], currency: 'USD' }),
  startWalletLink: () => ({ address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' }),
  generateMessage: () => ({ language: 'en', voice: 'BuddyFriend' }),
  getCurrentMessage: () => ({}),
  getMessageHistory: () => ({}),
  getVoiceBudget: () => ({}),
  getVoiceRun: ({ voiceRunId }) => ({ runId: voiceRunId }),
  listVoiceClips: () => ({}),
  listVoiceRuns: () => ({}),
  listVoices: () => ({}),
  publishVoiceTexts: () => ({}),
  purgeVoiceClips: () => ({ keys: ['a'.repeat(64)], reason: 'tried by a test' }),
  recordClipAgain: ({ clipKey }) => ({ key: clipKey, reason: 'tried by a test' }),
  trackListen: () => ({
    ...{ messageId: 'welcome', textVersion: 1, language: 'en', voice: 'BuddyFriend' },
    ...{ sentence: 1, offsetMs: 500, heard: [0] },
  }),
  unlinkWallet: () => ({}),
  updateAccount: () => ({ displayName: 'Somebody' }),
  updateCatalogDraft: ({ drafts }) => ({ version: drafts.kept, revision: 1, content: startingCatalog }),
};

function fullMembership(subscriptionId: string): Record<string, unknown> {
  return { subscriptionId, productId: 'full_membership', cycle: 'annual' };
}

import { deleteAccount, exportAccount, getAccount, updateAccount } from './account.ts';
import { closeAlert, findMember, listAlerts, listDifferences, refundOrder, retryJob } from './admin.ts';
import { cancelSubscription, changePlan, previewPlanChange, resumeSubscription } from './billing.ts';
import {
  checkCatalogDraft,
  createCatalogDraft,
  discardCatalogDraft,
  getCatalogVersion,
  listCatalogVersions,
  publishCatalog,
  updateCatalogDraft,
} from './catalog-versions.ts';
import { getCatalog } from './catalog.ts';
import {
  approveDistribution,
  getDistribution,
  listDistributions,
  planDistribution,
  rejectDistribution,
  releaseConflict,
} from './distribution.ts';
import {
  cancelOrder,
  confirmInstallation,
  getLine,
  getOrder,
  listLines,
  listOrders,
  openBillingPortal,
  previewCredit,
  resendEsimMail,
  startCheckout,
} from './orders.ts';
import { createQuote, priceBasket, readQuote, refreshQuote } from './pricing.ts';
import { createPromotion, endPromotion, listPromotions } from './promotions.ts';
import { getRewardProof, getRewardStatement, listRewardStatements } from './reward-proofs.ts';
import { explainReward, getRewards, listRewardMovements } from './rewards.ts';
import { getToken } from './token.ts';
import {
  getVoiceBudget,
  getVoiceRun,
  listVoiceClips,
  listVoiceRuns,
  publishVoiceTexts,
  purgeVoiceClips,
  recordClipAgain,
} from './voice-clips.ts';
import { generateMessage, getCurrentMessage, getMessageHistory, listVoices, trackListen } from './voice.ts';
import { cancelWalletChange, confirmWalletLink, startWalletLink, unlinkWallet } from './wallets.ts';

/** Every operation of the platform, by name. Adding one here obliges a feature to serve it: the build fails otherwise. */
export const api = {
  approveDistribution,
  cancelOrder,
  cancelSubscription,
  cancelWalletChange,
  changePlan,
  checkCatalogDraft,
  closeAlert,
  confirmInstallation,
  confirmWalletLink,
  createCatalogDraft,
  createPromotion,
  createQuote,
  deleteAccount,
  discardCatalogDraft,
  endPromotion,
  explainReward,
  exportAccount,
  findMember,
  generateMessage,
  getAccount,
  getCatalog,
  getCatalogVersion,
  getCurrentMessage,
  getDistribution,
  getLine,
  getMessageHistory,
  getOrder,
  getRewardProof,
  getRewards,
  getRewardStatement,
  getToken,
  getVoiceBudget,
  getVoiceRun,
  listAlerts,
  listCatalogVersions,
  listDifferences,
  listDistributions,
  listLines,
  listOrders,
  listPromotions,
  listRewardMovements,
  listRewardStatements,
  listVoiceClips,
  listVoiceRuns,
  listVoices,
  openBillingPortal,
  planDistribution,
  previewCredit,
  previewPlanChange,
  priceBasket,
  publishCatalog,
  publishVoiceTexts,
  purgeVoiceClips,
  readQuote,
  recordClipAgain,
  refreshQuote,
  refundOrder,
  rejectDistribution,
  releaseConflict,
  resendEsimMail,
  resumeSubscription,
  retryJob,
  startCheckout,
  startWalletLink,
  trackListen,
  unlinkWallet,
  updateAccount,
  updateCatalogDraft,
} as const;
export type Api = typeof api;
export type OperationName = keyof Api;

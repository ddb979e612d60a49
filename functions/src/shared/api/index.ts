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
  cancelOrder,
  confirmInstallation,
  getLine,
  getOrder,
  listLines,
  listOrders,
  openBillingPortal,
  resendEsimMail,
  startCheckout,
} from './orders.ts';
import { createQuote, priceBasket, readQuote, refreshQuote } from './pricing.ts';
import { createPromotion, endPromotion, listPromotions } from './promotions.ts';
import { getRewards } from './rewards.ts';

/** Every operation of the platform, by name. Adding one here obliges a feature to serve it: the build fails otherwise. */
export const api = {
  cancelOrder,
  cancelSubscription,
  changePlan,
  checkCatalogDraft,
  closeAlert,
  confirmInstallation,
  createCatalogDraft,
  createPromotion,
  createQuote,
  deleteAccount,
  discardCatalogDraft,
  endPromotion,
  exportAccount,
  findMember,
  getAccount,
  getCatalog,
  getCatalogVersion,
  getLine,
  getOrder,
  getRewards,
  listAlerts,
  listCatalogVersions,
  listDifferences,
  listLines,
  listOrders,
  listPromotions,
  openBillingPortal,
  previewPlanChange,
  priceBasket,
  publishCatalog,
  readQuote,
  refreshQuote,
  refundOrder,
  resendEsimMail,
  resumeSubscription,
  retryJob,
  startCheckout,
  updateAccount,
  updateCatalogDraft,
} as const;
export type Api = typeof api;
export type OperationName = keyof Api;

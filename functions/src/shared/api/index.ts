import { deleteAccount, exportAccount, getAccount, updateAccount } from './account.ts';
import { closeAlert, findMember, listAlerts, listDifferences, refundOrder, retryJob } from './admin.ts';
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
import { getRewards } from './rewards.ts';

/** Every operation of the platform, by name. Adding one here obliges a feature to serve it: the build fails otherwise. */
export const api = {
  cancelOrder,
  closeAlert,
  confirmInstallation,
  deleteAccount,
  exportAccount,
  findMember,
  getAccount,
  getCatalog,
  getLine,
  getOrder,
  getRewards,
  listAlerts,
  listDifferences,
  listLines,
  listOrders,
  openBillingPortal,
  refundOrder,
  resendEsimMail,
  retryJob,
  startCheckout,
  updateAccount,
} as const;
export type Api = typeof api;
export type OperationName = keyof Api;

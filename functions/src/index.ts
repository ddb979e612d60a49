import { door } from './triggers/callables.ts';

// Everything that is deployed, and nothing else.
export { onUserCreated, onUserDeleted } from './triggers/auth.ts';
export { api, stripeWebhook } from './triggers/http.ts';
export { reconcile, sweep, verifyLedger } from './triggers/schedules.ts';
export { workCarrier, workMail, workPayments, workProjection } from './triggers/tasks.ts';

export const cancelOrder = door('cancelOrder');
export const closeAlert = door('closeAlert');
export const confirmInstallation = door('confirmInstallation');
export const deleteAccount = door('deleteAccount');
export const exportAccount = door('exportAccount');
export const findMember = door('findMember');
export const getAccount = door('getAccount');
export const getCatalog = door('getCatalog');
export const getLine = door('getLine');
export const getOrder = door('getOrder');
export const getRewards = door('getRewards');
export const listAlerts = door('listAlerts');
export const listDifferences = door('listDifferences');
export const listLines = door('listLines');
export const listOrders = door('listOrders');
export const openBillingPortal = door('openBillingPortal');
export const refundOrder = door('refundOrder');
export const resendEsimMail = door('resendEsimMail');
export const retryJob = door('retryJob');
export const startCheckout = door('startCheckout');
export const updateAccount = door('updateAccount');

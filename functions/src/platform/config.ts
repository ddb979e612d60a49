import { defineBoolean, defineInt, defineSecret, defineString } from 'firebase-functions/params';

/**
 * Everything that differs between installations. Values come from the environment, which Firebase fills from `.env.<project>`
 * and Secret Manager; `.env.example` documents each. Read lazily: a function sees only the secrets that it declares.
 */
export const params = {
  databaseUrl: defineSecret('DATABASE_URL'),
  stripeSecretKey: defineSecret('STRIPE_SECRET_KEY'),
  stripeWebhookSecret: defineSecret('STRIPE_WEBHOOK_SECRET'),
  oxioApiKey: defineSecret('OXIO_API_KEY'),
  oxioAuthToken: defineSecret('OXIO_AUTH_TOKEN'),
  sendgridApiKey: defineSecret('SENDGRID_API_KEY'),
  smtpUrl: defineSecret('SMTP_URL'),
  stripeApiBase: defineString('STRIPE_API_BASE', { default: 'https://api.stripe.com' }),
  oxioApiBase: defineString('OXIO_API_BASE', { default: 'https://api.brandvno.com' }),
  oxioBrandId: defineString('OXIO_BRAND_ID', { default: '' }),
  oxioPlanIds: defineString('OXIO_PLAN_IDS', { default: '{}' }),
  sendgridApiBase: defineString('SENDGRID_API_BASE', { default: 'https://api.sendgrid.com' }),
  mailFrom: defineString('MAIL_FROM', { default: 'DOTM <hello@dotm.example>' }),
  appUrl: defineString('APP_URL', { default: '' }),
  appCheckRequired: defineBoolean('APP_CHECK_REQUIRED', { default: true }),
  orderDeadlineMinutes: defineInt('ORDER_DEADLINE_MINUTES', { default: 30 }),
  refundWindowDays: defineInt('REFUND_WINDOW_DAYS', { default: 14 }),
  withoutFirestore: defineBoolean('WITHOUT_FIRESTORE', { default: false }),
  workerConcurrency: defineInt('WORKER_CONCURRENCY', { default: 20 }),
};

/** Rules that an operator may change without a new version. */
export interface Policy {
  /** Minutes from payment until an order that is not released refunds itself. */
  orderDeadlineMinutes: number;
  /** Days in which a reward stays pending. */
  refundWindowDays: number;
  /** Public address of the web app, without a slash at the end. */
  appUrl: string;
  /** Catalogue id -> plan at the carrier, for each product that puts data on a line. */
  carrierPlanIds: Record<string, string>;
}

/** Reads the policy. Throws when OXIO_PLAN_IDS is no JSON object of strings. */
export function readPolicy(): Policy {
  return {
    orderDeadlineMinutes: params.orderDeadlineMinutes.value(),
    refundWindowDays: params.refundWindowDays.value(),
    appUrl: params.appUrl.value().replace(/\/$/, ''),
    carrierPlanIds: parsePlanIds(params.oxioPlanIds.value()),
  };
}

function parsePlanIds(text: string): Record<string, string> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('OXIO_PLAN_IDS must be a JSON object of product id to plan id');
  }
  const entries = Object.entries(value).map(([product, plan]) => {
    if (typeof plan !== 'string') throw new Error(`OXIO_PLAN_IDS.${product} must be a string, got ${typeof plan}`);
    return [product, plan] as const;
  });
  return Object.fromEntries(entries);
}

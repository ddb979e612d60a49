import { defineBoolean, defineInt, defineSecret, defineString } from 'firebase-functions/params';

/**
 * Firebase gives a deployed function the defaults that are declared; a program of ours that is started by hand would read an empty
 * value, and an App Check that is "" instead of "true" would be off. So a default is put where both look for it.
 */
function settle(name: string, fallback: string | number | boolean): void {
  process.env[name] ||= String(fallback);
}

function text(name: string, fallback: string) {
  settle(name, fallback);
  return defineString(name, { default: fallback });
}

function count(name: string, fallback: number) {
  settle(name, fallback);
  return defineInt(name, { default: fallback });
}

function flag(name: string, fallback: boolean) {
  settle(name, fallback);
  return defineBoolean(name, { default: fallback });
}

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
  quoteKeys: defineSecret('QUOTE_KEYS'),
  stripeApiBase: text('STRIPE_API_BASE', 'https://api.stripe.com'),
  stripeTax: flag('STRIPE_TAX', false),
  oxioApiBase: text('OXIO_API_BASE', 'https://api.brandvno.com'),
  oxioPlanIds: text('OXIO_PLAN_IDS', '{}'),
  sendgridApiBase: text('SENDGRID_API_BASE', 'https://api.sendgrid.com'),
  mailFrom: text('MAIL_FROM', 'DOTM <hello@dotm.example>'),
  appUrl: text('APP_URL', ''),
  appCheckRequired: flag('APP_CHECK_REQUIRED', true),
  orderDeadlineMinutes: count('ORDER_DEADLINE_MINUTES', 30),
  refundWindowDays: count('REFUND_WINDOW_DAYS', 14),
  withoutFirestore: flag('WITHOUT_FIRESTORE', false),
  workerConcurrency: count('WORKER_CONCURRENCY', 20),
  vpcNetwork: text('VPC_NETWORK', ''),
  vpcSubnet: text('VPC_SUBNET', ''),
  apiMinInstances: count('API_MIN_INSTANCES', 0),
};

/** Rules that an operator may change without a new version. */
export interface Policy {
  /** Minutes from payment until an order that is not released refunds itself. */
  orderDeadlineMinutes: number;
  /** Days in which a reward stays pending. */
  refundWindowDays: number;
  /** Public address of the web app, without a slash at the end. */
  appUrl: string;
  /** Whether the payment provider adds tax to the prices, by where the member is (Stripe Tax). */
  taxes: boolean;
  /** Catalogue id -> plan at the carrier, for each product that puts data on a line. */
  carrierPlanIds: Record<string, string>;
}

/** Reads the policy. Throws when OXIO_PLAN_IDS is no JSON object of strings. */
export function readPolicy(): Policy {
  return {
    orderDeadlineMinutes: params.orderDeadlineMinutes.value(),
    refundWindowDays: params.refundWindowDays.value(),
    appUrl: params.appUrl.value().replace(/\/$/, ''),
    taxes: params.stripeTax.value(),
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

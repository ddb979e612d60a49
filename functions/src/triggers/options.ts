import type { SecretParam } from 'firebase-functions/params';
import { params } from '../platform/config.ts';
import { region } from '../platform/region.ts';

/** Secrets by what a function does: it sees those that it uses and no others. */
export const secrets = {
  database: [params.databaseUrl],
  payments: [params.databaseUrl, params.stripeSecretKey],
  webhook: [params.databaseUrl, params.stripeWebhookSecret],
  carrier: [params.databaseUrl, params.oxioApiKey, params.oxioAuthToken],
  mail: [params.databaseUrl, params.sendgridApiKey, params.smtpUrl],
} satisfies Record<string, SecretParam[]>;

/** What all functions share. */
export const base = { region, memory: '256MiB', timeoutSeconds: 60 } as const;

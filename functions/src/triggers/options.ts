import type { GlobalOptions } from 'firebase-functions';
import type { SecretParam } from 'firebase-functions/params';
import { params } from '../platform/config.ts';
import { region } from '../platform/region.ts';
import '../platform/server-log.ts';

/** Secrets by what a function does: it sees those that it uses and no others. */
export const secrets = {
  database: [params.databaseUrl],
  payments: [params.databaseUrl, params.stripeSecretKey],
  quotes: [params.databaseUrl, params.quoteKeys],
  checkout: [params.databaseUrl, params.stripeSecretKey, params.quoteKeys],
  webhook: [params.databaseUrl, params.stripeWebhookSecret],
  carrier: [params.databaseUrl, params.oxioApiKey, params.oxioAuthToken],
  chain: [params.databaseUrl, params.chainRpcUrl],
  persons: [params.databaseUrl, params.personKey],
  payouts: [params.databaseUrl, params.chainRpcUrl, params.chainSignerKey],
  voice: [params.databaseUrl, params.elevenLabsApiKey],
  mail: [params.databaseUrl, params.sendgridApiKey, params.smtpUrl],
} satisfies Record<string, SecretParam[]>;

/**
 * The way to a database that has no public address: Direct VPC egress, for private ranges only, so that vendors are still called over
 * the internet without a NAT. It is on when VPC_NETWORK is in the settings; the Firebase CLI reads them before it loads this file.
 * An interface without a network is an error to Google, so without the setting there must be none at all.
 */
export function privateNetwork(env: NodeJS.ProcessEnv): Pick<GlobalOptions, 'networkInterface' | 'vpcEgress'> {
  if (!env['VPC_NETWORK']) return {};
  const subnetwork = env['VPC_SUBNET'] ? { subnetwork: params.vpcSubnet } : {};
  return {
    networkInterface: { network: params.vpcNetwork, ...subnetwork },
    vpcEgress: 'PRIVATE_RANGES_ONLY',
  };
}

/** What all functions share. */
export const base = { region, memory: '256MiB', timeoutSeconds: 60, ...privateNetwork(process.env) } as const;

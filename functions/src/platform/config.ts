import { defineBoolean, defineInt, defineSecret, defineString } from 'firebase-functions/params';
import { readChainSettings, type ChainSettings } from './chain-settings.ts';
import { readRewardSettings, type RewardSettings } from './reward-settings.ts';
import { readVoiceSettings, type VoicePolicy } from './voice-settings.ts';

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
  personKey: defineSecret('PERSON_KEY'),
  chainRpcUrl: defineSecret('CHAIN_RPC_URL'),
  chainSignerKey: defineSecret('CHAIN_SIGNER_KEY'),
  elevenLabsApiKey: defineSecret('ELEVENLABS_API_KEY'),
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
  rewardDailyCapDotm: text('REWARD_DAILY_CAP_DOTM', '500'),
  foundingMemberDotm: text('FOUNDING_MEMBER_DOTM', '100'),
  foundingMembers: count('FOUNDING_MEMBERS', 1_000),
  newMemberDotm: text('NEW_MEMBER_DOTM', '1'),
  chainId: text('CHAIN_ID', ''),
  chainToken: text('CHAIN_TOKEN', ''),
  chainDistributor: text('CHAIN_DISTRIBUTOR', ''),
  chainStartBlock: count('CHAIN_START_BLOCK', 0),
  chainConfirmations: text('CHAIN_CONFIRMATIONS', 'finalized'),
  chainExplorerUrl: text('CHAIN_EXPLORER_URL', ''),
  chainMaxFeeGwei: text('CHAIN_MAX_FEE_GWEI', '30'),
  chainGasPerEntry: count('CHAIN_GAS_PER_ENTRY', 27_000),
  chainKmsKey: text('CHAIN_KMS_KEY', ''),
  kmsApiBase: text('KMS_API_BASE', 'https://cloudkms.googleapis.com'),
  rewardRunBudgetDotm: text('REWARD_RUN_BUDGET_DOTM', '50000'),
  rewardApprovalAboveDotm: text('REWARD_APPROVAL_ABOVE_DOTM', '10000'),
  walletCoolingHours: count('WALLET_COOLING_HOURS', 48),
  elevenLabsApiBase: text('ELEVENLABS_API_BASE', 'https://api.elevenlabs.io'),
  voiceBucket: text('VOICE_BUCKET', ''),
  voiceIds: text('VOICE_IDS', '{}'),
  voiceDailyCredits: count('VOICE_DAILY_CREDITS', 300_000),
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
  /** The daily cap, and rewards that come once. */
  rewards: RewardSettings;
  /** Where rewards are paid; null while no chain is set up: they accrue and wait. */
  chain: ChainSettings | null;
  /** Hours before a member's second and every later wallet is paid to. */
  walletCoolingHours: number;
  /** Voices, and what speech may cost in a day. */
  voice: VoicePolicy;
}

/** Reads the policy. Throws when OXIO_PLAN_IDS is no JSON object of strings, or a setting of the chain is not in order. */
export function readPolicy(): Policy {
  return {
    orderDeadlineMinutes: params.orderDeadlineMinutes.value(),
    refundWindowDays: params.refundWindowDays.value(),
    appUrl: params.appUrl.value().replace(/\/$/, ''),
    taxes: params.stripeTax.value(),
    carrierPlanIds: parsePlanIds(params.oxioPlanIds.value()),
    rewards: readRewardSettings({
      dailyCapDotm: params.rewardDailyCapDotm.value(),
      foundingMemberDotm: params.foundingMemberDotm.value(),
      foundingMembers: params.foundingMembers.value(),
      newMemberDotm: params.newMemberDotm.value(),
    }),
    chain: readChainSettings({
      chainId: params.chainId.value(),
      token: params.chainToken.value(),
      distributor: params.chainDistributor.value(),
      startBlock: params.chainStartBlock.value(),
      confirmations: params.chainConfirmations.value(),
      explorerUrl: params.chainExplorerUrl.value(),
      maxFeeGwei: params.chainMaxFeeGwei.value(),
      gasPerEntry: params.chainGasPerEntry.value(),
      runBudgetDotm: params.rewardRunBudgetDotm.value(),
      approvalAboveDotm: params.rewardApprovalAboveDotm.value(),
    }),
    walletCoolingHours: params.walletCoolingHours.value(),
    voice: readVoiceSettings({
      voiceIds: params.voiceIds.value(),
      dailyCredits: params.voiceDailyCredits.value(),
    }),
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

import { params } from '../../platform/config.ts';
import { readVoiceSettings } from '../../platform/voice-settings.ts';
import { parseQuoteKeys } from '../../platform/quotes/quote-keys.ts';
import { secrets } from '../../triggers/options.ts';
import { parseSender } from '../../vendors/mail/sender.ts';
import { ok, wrong, type Finding } from './finding.ts';

/** Says what is wrong with a value, or null. It must never repeat the value: half of them are secrets. */
type Rule = (value: string, env: Env) => string | null;
type Env = Readonly<Record<string, string | undefined>>;

const must =
  (pattern: RegExp, form: string): Rule =>
  (value) =>
    pattern.test(value) ? null : value === '' ? `is not set: it reads ${form}` : `is no ${form}`;

const whole =
  (from: number, to: number): Rule =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= from && Number(value) <= to
      ? null
      : `must be a whole number from ${from} to ${to}`;

/** An address of the vendor itself: anything else is a sandbox or a mistake, and in production both are one. */
const vendorAt =
  (...hosts: string[]): Rule =>
  (value) => {
    if (!URL.canParse(value)) return 'is no URL';
    const { protocol, hostname } = new URL(value);
    return protocol === 'https:' && hosts.includes(hostname) ? null : `must be https://${hosts.join(' or https://')}`;
  };

const databaseUrl: Rule = (value) => {
  if (value === '') return 'is not set: it reads postgresql://user:password@host:5432/database';
  if (!URL.canParse(value)) return 'is no URL: percent-encode what is special in the password';
  const { protocol, password, pathname } = new URL(value);
  if (!/^postgres(ql)?:$/.test(protocol)) return 'must begin with postgresql://';
  if (password === '') return 'has no password';
  return pathname.length > 1 ? null : 'names no database';
};

const appUrl: Rule = (value) => {
  if (value === '') return 'is not set: it reads https://<your web app>';
  return URL.canParse(value) && new URL(value).protocol === 'https:' ? null : 'must be an https:// address';
};

const mailFrom: Rule = (value) => {
  try {
    return parseSender(value).address.endsWith('.example') ? 'is still the example: name your own sender' : null;
  } catch {
    return 'must read "Name <address>" or "address"';
  }
};

const planIds: Rule = (value) => {
  const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
  try {
    const plans = JSON.parse(value) as unknown;
    if (typeof plans !== 'object' || plans === null || Array.isArray(plans)) return 'must be a JSON object';
    const bad = Object.entries(plans).filter(([, plan]) => typeof plan !== 'string' || !uuid.test(plan));
    return bad.length === 0 ? null : `names no plan UUID for ${bad.map(([product]) => product).join(', ')}`;
  } catch {
    return 'must be JSON: {"product id":"plan UUID"}';
  }
};

/** Mail goes through one of two; Secret Manager keeps no empty value, so a blank stands for "none". */
const sendgridKey: Rule = (value, env) => {
  if (env['SMTP_URL']?.trim()) return null;
  return value.trim() === '' ? 'is not set, and neither is SMTP_URL' : /^SG\../.test(value) ? null : 'is no SG. key';
};
const smtpUrl: Rule = (value) =>
  value.trim() === '' || /^smtps?:\/\/./.test(value.trim()) ? null : 'must begin with smtp:// or smtps://';

const quoteKeys: Rule = (value) => {
  if (value === '') return 'is not set: it reads {"k1":"<base64url of 32 random bytes>"}';
  try {
    parseQuoteKeys(value);
    return null;
  } catch (error) {
    // What it says names key ids and lengths, never a key.
    return error instanceof Error ? error.message : 'is not in order';
  }
};

const voiceIds: Rule = (value) => {
  try {
    readVoiceSettings({ voiceIds: value === '' ? '{}' : value, dailyCredits: 0 });
    return null;
  } catch (error) {
    return error instanceof SyntaxError ? 'must be JSON: {"voice name":"voice id"}' : (error as Error).message;
  }
};

const optional: Rule = () => null;

/** A rule that counts only where rewards are paid on a chain. */
function onChain(rule: Rule): Rule {
  return (value, env) => ((env['CHAIN_ID'] ?? '') === '' ? null : rule(value, env));
}

/** One rule for each param, by its name. The type holds this list against the params: none is forgotten. */
const rules: Record<keyof typeof params, Rule> = {
  databaseUrl,
  stripeSecretKey: must(/^(sk|rk)_(test|live)_\w+$/, 'sk_live_… or sk_test_… key'),
  stripeWebhookSecret: must(/^whsec_\w+([\s,]+whsec_\w+)*$/, 'whsec_… of the endpoint'),
  oxioApiKey: must(/^\S+$/, 'API key of OXIO'),
  oxioAuthToken: must(/^\S+$/, 'auth token of OXIO'),
  sendgridApiKey: sendgridKey,
  smtpUrl,
  quoteKeys,
  personKey: must(/^\S{32,}$/, 'random text of 32 letters or more'),
  stripeApiBase: vendorAt('api.stripe.com'),
  stripeTax: must(/^(true|false)$/, '"true" where Stripe Tax is set up, else "false"'),
  oxioApiBase: vendorAt('api.brandvno.com', 'api-staging.brandvno.com'),
  oxioPlanIds: planIds,
  sendgridApiBase: vendorAt('api.sendgrid.com', 'api.eu.sendgrid.com'),
  mailFrom,
  appUrl,
  appCheckRequired: must(/^true$/, '"true": without App Check any program may call'),
  orderDeadlineMinutes: whole(5, 1440),
  refundWindowDays: whole(0, 365),
  rewardDailyCapDotm: must(/^\d+(\.\d{1,18})?$/, 'number of DOTM'),
  foundingMemberDotm: must(/^\d+(\.\d{1,18})?$/, 'number of DOTM'),
  foundingMembers: whole(0, 100_000),
  newMemberDotm: must(/^\d+(\.\d{1,18})?$/, 'number of DOTM'),
  chainRpcUrl: onChain(must(/^https:\/\/\S+$/, 'https address of an Ethereum node')),
  chainSignerKey: (value, env) =>
    value.trim() === '' || env['CHAIN_ID'] === ''
      ? null
      : 'is set: outside of local worlds the key lies in KMS (CHAIN_KMS_KEY)',
  chainId: (value) =>
    /^(1|11155111)?$/.test(value) ? null : 'must be 1, 11155111 (Sepolia), or empty: rewards then wait',
  chainToken: onChain(must(/^0x[0-9a-fA-F]{40}$/, 'address of DotmToken')),
  chainDistributor: onChain(must(/^0x[0-9a-fA-F]{40}$/, 'address of RewardDistributor')),
  chainStartBlock: onChain(whole(1, Number.MAX_SAFE_INTEGER)),
  chainConfirmations: (value, env) =>
    value === 'finalized' || (env['CHAIN_ID'] !== '1' && /^[1-9]\d{0,3}$/.test(value))
      ? null
      : 'must be "finalized"; on a test chain it may be a number of blocks',
  chainExplorerUrl: (value) =>
    value === '' || /^https:\/\/\S+$/.test(value) ? null : 'must be an https address, or empty',
  chainMaxFeeGwei: must(/^\d+(\.\d{1,9})?$/, 'number of gwei'),
  chainGasPerEntry: whole(8_000, 1_000_000),
  chainKmsKey: onChain(
    must(
      /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+\/cryptoKeyVersions\/\d+$/,
      'name of a key version in KMS',
    ),
  ),
  kmsApiBase: vendorAt('cloudkms.googleapis.com'),
  rewardRunBudgetDotm: must(/^\d+(\.\d{1,6})?$/, 'number of DOTM'),
  rewardApprovalAboveDotm: must(/^\d+(\.\d{1,6})?$/, 'number of DOTM'),
  walletCoolingHours: whole(1, 720),
  elevenLabsApiKey: must(/^\S{16,}$/, 'API key of ElevenLabs'),
  elevenLabsApiBase: vendorAt('api.elevenlabs.io', 'api.us.elevenlabs.io', 'api.eu.residency.elevenlabs.io'),
  voiceBucket: must(/^([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])?$/, 'name of a bucket, or empty for the one of the project'),
  voiceIds,
  voiceDailyCredits: whole(1_000, 100_000_000),
  withoutFirestore: must(/^false$/, '"false": clients would no longer be shown changes live'),
  workerConcurrency: whole(1, 500),
  vpcNetwork: (value, env) =>
    value !== '' || !isPrivate(env['DATABASE_URL'] ?? '')
      ? null
      : 'is not set, but DATABASE_URL names a private address that only a network reaches',
  vpcSubnet: optional,
  apiMinInstances: whole(0, 16),
};

/** Whether the host of a connection string is a private address, which is how Cloud SQL's private IP looks. */
function isPrivate(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
}

/** The params that Secret Manager must hold: those that some function is given. */
export const secretNames: readonly string[] = [
  ...new Set(Object.values(secrets).flatMap((some) => some.map(({ name }) => name))),
];

/** Holds every param against its form. Says nothing of a value but what is wrong with it. */
export function checkSettings(env: Env): Finding[] {
  return Object.entries(rules).map(([key, rule]) => {
    const { name } = params[key as keyof typeof params];
    const problem = rule(env[name] ?? '', env);
    const where = secretNames.includes(name)
      ? `firebase functions:secrets:set ${name}`
      : `set it in the settings (FUNCTIONS_ENV)`;
    return problem === null ? ok(name, 'well-formed') : wrong(name, problem, where);
  });
}

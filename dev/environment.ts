import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { eventHandlers } from '../functions/src/features/orders/payment-events/index.ts';
import { SANDBOX_CREDENTIALS } from '../sandbox/src/credentials.ts';
import { OXIO_PLAN_IDS } from '../sandbox/src/oxio/plans.ts';
import type { Ports } from './ports.ts';

/** Firebase project of every local world. The prefix `demo-` makes all Firebase tools stay offline. */
export const PROJECT_ID = 'demo-dotm';

/** Region of every function. */
export const REGION = 'us-central1';

/** Signs the webhooks of the local Stripe stand-in. Not a secret: it guards a program on this machine. */
const SANDBOX_WEBHOOK_SECRET = 'whsec_sandbox';

/** Signs quotes of a local world: random, and kept as long as the process that sets the world up. */
const LOCAL_QUOTE_KEYS = JSON.stringify({ local: randomBytes(32).toString('base64url') });

/** Tells persons apart in a local world. Not a secret, and the same at each start: the database keeps what was made with it. */
const LOCAL_PERSON_KEY = 'person-key-of-a-local-world-only';

/** Key of the operator of contracts/deploy/local.json: Anvil's third account. Everybody knows it. */
export const LOCAL_OPERATOR_KEY = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a';

/** Where the contracts of the local Ethereum are. */
export interface LocalChain {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly token: string;
  readonly distributor: string;
}

/** Names of the values that Secret Manager keeps in production. */
const SECRET_NAMES = [
  'DATABASE_URL',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'OXIO_API_KEY',
  'OXIO_AUTH_TOKEN',
  'SENDGRID_API_KEY',
  'SMTP_URL',
  'QUOTE_KEYS',
  'CHAIN_RPC_URL',
  'CHAIN_SIGNER_KEY',
  'PERSON_KEY',
  'ELEVENLABS_API_KEY',
] as const;

/** Settings of the public functions. */
const PUBLIC_SETTINGS = [
  'APP_URL',
  'CATALOG_URL',
  'MCP_ALLOWED_HOSTS',
  'MCP_ALLOWED_ORIGINS',
  'PUBLIC_CALLS_PER_MINUTE',
  'STRIPE_TAX',
] as const;

/** What the functions get: `secrets` as Secret Manager would give them, `settings` as `.env.<project>` would. */
export interface FunctionsEnvironment {
  readonly secrets: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  /** The same of the public functions, which get only what they use: no secret but the one that signs quotes. */
  readonly public: Readonly<Record<'settings' | 'secrets', Readonly<Record<string, string>>>>;
  /** Which service each vendor is: its real one when its key is in `.env`, else the sandbox. */
  readonly vendors: Readonly<Record<'stripe' | 'oxio' | 'mail' | 'voice', 'real' | 'sandbox'>>;
}

/** Reads the developer's `.env`. A missing file is an empty one; empty values count as absent. */
export function readUserEnvironment(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const values = parseEnv(readFileSync(file, 'utf8'));
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/**
 * Decides what each function sees: the developer's `.env` over the sandbox's values. A vendor whose key is in `.env` is the
 * real one, at its real address; without the key that one vendor is the sandbox. With CHAIN_ID in `.env`, rewards are paid on that chain,
 * else on the local `chain`, where there is one.
 */
export function functionsEnvironment(
  ports: Ports,
  databaseUrl: string,
  user: Readonly<Record<string, string>>,
  chain?: LocalChain,
): FunctionsEnvironment {
  const at = (port: number): string => `http://127.0.0.1:${String(port)}`;
  const stripe = user['STRIPE_SECRET_KEY'] ? {} : sandboxStripe(at(ports.sandboxStripe));
  const oxio = user['OXIO_API_KEY'] ? {} : sandboxOxio(at(ports.sandboxOxio));
  const hasMail = user['SENDGRID_API_KEY'] ?? user['SMTP_URL'];
  const mail = hasMail
    ? {}
    : { SENDGRID_API_KEY: SANDBOX_CREDENTIALS.sendgridApiKey, SENDGRID_API_BASE: at(ports.sandboxSendgrid) };
  const voice = user['ELEVENLABS_API_KEY']
    ? {}
    : {
        ELEVENLABS_API_KEY: SANDBOX_CREDENTIALS.elevenLabsApiKey,
        ELEVENLABS_API_BASE: at(ports.sandboxElevenLabs),
      };
  const all: Record<string, string> = {
    APP_URL: at(ports.hosting),
    APP_CHECK_REQUIRED: 'false',
    // The emulator gives every running job a process of its own; more than a few bring a small machine to its knees.
    WORKER_CONCURRENCY: '2',
    QUOTE_KEYS: LOCAL_QUOTE_KEYS,
    PERSON_KEY: LOCAL_PERSON_KEY,
    ...(user['CHAIN_ID'] || !chain ? {} : localChain(chain)),
    ...user,
    ...stripe,
    ...oxio,
    ...mail,
    ...voice,
    DATABASE_URL: databaseUrl,
  };
  const isSecret = (name: string): boolean => (SECRET_NAMES as readonly string[]).includes(name);
  // The emulator asks Google for a secret whose value is empty; a blank keeps it on this machine.
  const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, all[name] ?? ' ']));
  const settings = Object.fromEntries(Object.entries(all).filter(([name]) => !isSecret(name)));
  return {
    secrets,
    settings,
    public: {
      settings: Object.fromEntries(PUBLIC_SETTINGS.flatMap((name) => (all[name] ? [[name, all[name]]] : []))),
      secrets: Object.fromEntries(['QUOTE_KEYS'].map((name) => [name, secrets[name] ?? ' '])),
    },
    vendors: {
      stripe: user['STRIPE_SECRET_KEY'] ? 'real' : 'sandbox',
      oxio: user['OXIO_API_KEY'] ? 'real' : 'sandbox',
      mail: hasMail ? 'real' : 'sandbox',
      voice: user['ELEVENLABS_API_KEY'] ? 'real' : 'sandbox',
    },
  };
}

/** Returns the environment of the sandbox's own program. */
export function sandboxEnvironment(ports: Ports, dataFile: string): Record<string, string> {
  return {
    SANDBOX_DATA: dataFile,
    SANDBOX_CONSOLE_PORT: String(ports.sandbox),
    SANDBOX_STRIPE_PORT: String(ports.sandboxStripe),
    SANDBOX_OXIO_PORT: String(ports.sandboxOxio),
    SANDBOX_SENDGRID_PORT: String(ports.sandboxSendgrid),
    SANDBOX_KMS_PORT: String(ports.sandboxKms),
    SANDBOX_ELEVENLABS_PORT: String(ports.sandboxElevenLabs),
    SANDBOX_SMTP_PORT: String(ports.sandboxSmtp),
    SANDBOX_STRIPE_WEBHOOK_URL: `http://127.0.0.1:${String(ports.hosting)}/webhooks/stripe`,
    SANDBOX_STRIPE_WEBHOOK_SECRET: SANDBOX_WEBHOOK_SECRET,
    // As a real endpoint is set up: it gets what it asked for, not every price that is made.
    SANDBOX_STRIPE_WEBHOOK_EVENTS: Object.keys(eventHandlers).join(','),
  };
}

/** Returns what makes Google's SDKs speak with the emulators; `firestore` is `host:port`, or undefined without one. */
export function emulatorHosts(ports: Ports, firestore: string | undefined): Record<string, string> {
  const storage = `127.0.0.1:${String(ports.storage)}`;
  return {
    GCLOUD_PROJECT: PROJECT_ID,
    GOOGLE_CLOUD_PROJECT: PROJECT_ID,
    FIREBASE_AUTH_EMULATOR_HOST: `127.0.0.1:${String(ports.auth)}`,
    CLOUD_TASKS_EMULATOR_HOST: `127.0.0.1:${String(ports.tasks)}`,
    FIREBASE_STORAGE_EMULATOR_HOST: storage,
    STORAGE_EMULATOR_HOST: `http://${storage}`,
    // The SDKs look for Google's metadata server, which on some networks swallows the question for seconds; here nobody is home.
    METADATA_SERVER_DETECTION: 'none',
    GCE_METADATA_HOST: '127.0.0.1:1',
    ...(firestore === undefined ? {} : { FIRESTORE_EMULATOR_HOST: firestore }),
  };
}

/** Writes `values` as a dotenv file. Values keep blanks, quotes and line breaks. */
export function toDotenv(values: Readonly<Record<string, string>>): string {
  const escape = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(value)}"\n`)
    .join('');
}

/** The local Ethereum's own settings: a payment counts at once, and the operator is the account that Anvil gives its third key. */
function localChain({ rpcUrl, chainId, token, distributor }: LocalChain): Record<string, string> {
  return {
    CHAIN_ID: String(chainId),
    CHAIN_RPC_URL: rpcUrl,
    CHAIN_TOKEN: token,
    CHAIN_DISTRIBUTOR: distributor,
    CHAIN_CONFIRMATIONS: '1',
    CHAIN_SIGNER_KEY: LOCAL_OPERATOR_KEY,
  };
}

function sandboxStripe(base: string): Record<string, string> {
  return {
    STRIPE_SECRET_KEY: SANDBOX_CREDENTIALS.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: SANDBOX_WEBHOOK_SECRET,
    STRIPE_API_BASE: base,
  };
}

function sandboxOxio(base: string): Record<string, string> {
  return {
    OXIO_API_KEY: SANDBOX_CREDENTIALS.oxioApiKey,
    OXIO_AUTH_TOKEN: SANDBOX_CREDENTIALS.oxioAuthToken,
    OXIO_PLAN_IDS: JSON.stringify(OXIO_PLAN_IDS),
    OXIO_API_BASE: base,
  };
}

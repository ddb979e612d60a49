import { CodedError } from '../shared/errors.ts';
import type { CarrierPort } from '../vendors/carrier/port.ts';
import type { ChainPort } from '../vendors/chain/port.ts';
import type { ChainSigner } from '../vendors/chain/signer.ts';
import type { MailPort } from '../vendors/mail/port.ts';
import type { PaymentsPort } from '../vendors/payments/port.ts';
import type { VoicePort } from '../vendors/voice/port.ts';
import { systemClock, type Clock } from './clock.ts';
import { params, readPolicy, type Policy } from './config.ts';
import { openDb, type Db } from './db.ts';
import type { Documents } from './documents.ts';
import type { Files } from './files.ts';
import { readPersonKey } from './reward-settings.ts';
import { parseQuoteKeys, type QuoteKey } from './quotes/quote-keys.ts';
import { withoutDocuments } from './without-documents.ts';
import { enqueueAll } from './tasks.ts';
import type { Users } from './users.ts';

/**
 * What a use case may reach. Each is made at first use and kept for the life of the instance: a webhook never pays for the mail
 * SDK. Tests build their own from a test database and the sandbox.
 */
export interface Services {
  readonly clock: Clock;
  readonly db: Db;
  readonly policy: Policy;
  readonly payments: () => Promise<PaymentsPort>;
  readonly carrier: () => Promise<CarrierPort>;
  readonly mail: () => Promise<MailPort>;
  /** The chain that rewards are paid on. Throws chain.not_set_up when the settings name none. */
  readonly chain: () => Promise<ChainPort>;
  /** The key that pays rewards. Throws chain.not_set_up when there is none. */
  readonly rewardSigner: () => Promise<ChainSigner>;
  /** Who makes speech. */
  readonly voice: () => Promise<VoicePort>;
  /** Recordings (Cloud Storage). */
  readonly files: () => Promise<Files>;
  /** What signs quotes (the first) and verifies them (all). Throws Error when QUOTE_KEYS is not in order. */
  readonly quoteKeys: () => readonly [QuoteKey, ...QuoteKey[]];
  /** What makes a person of a verified address, for what comes once per person. Throws Error when PERSON_KEY is too short. */
  readonly personKey: () => string;
  /** Projections for clients (Firestore). */
  readonly documents: () => Promise<Documents>;
  /** Accounts of the identity provider (Firebase Auth). */
  readonly users: () => Promise<Users>;
}

/** Connections of one instance; the manifest test holds the sum over all functions below the database's limit. */
export const poolSize = 4;

/** `max_connections` that Cloud SQL must be set to; the manifest test holds all pools, and what operators need besides, below it. */
export const databaseConnections = 740;

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

function makeServices(): Services {
  let db: Db | undefined;
  let policy: Policy | undefined;
  const readOnce = () => (policy ??= readPolicy());
  let quoteKeys: readonly [QuoteKey, ...QuoteKey[]] | undefined;
  return {
    clock: systemClock,
    get db() {
      db ??= openDb({ connectionString: params.databaseUrl.value(), max: poolSize, onCommitted: enqueueAll });
      return db;
    },
    get policy() {
      return readOnce();
    },
    payments: lazy(async () => {
      const { createPaymentsClient } = await import('../vendors/payments/client.ts');
      return createPaymentsClient({
        // Read when they are used: no function has both, and reading one that it lacks writes a warning.
        get secretKey() {
          return params.stripeSecretKey.value();
        },
        get webhookSecret() {
          return params.stripeWebhookSecret.value();
        },
        apiBase: params.stripeApiBase.value(),
        automaticTax: params.stripeTax.value(),
      });
    }),
    carrier: lazy(async () => {
      const { createCarrierClient } = await import('../vendors/carrier/client.ts');
      return createCarrierClient({
        apiKey: params.oxioApiKey.value(),
        authToken: params.oxioAuthToken.value(),
        apiBase: params.oxioApiBase.value(),
      });
    }),
    mail: lazy(async () => {
      const from = params.mailFrom.value();
      // Secret Manager keeps no empty value: a blank says that there is none.
      const smtpUrl = params.smtpUrl.value().trim();
      if (smtpUrl !== '') {
        const { createSmtpClient } = await import('../vendors/mail/smtp-client.ts');
        return createSmtpClient({ url: smtpUrl, from });
      }
      const { createSendgridClient } = await import('../vendors/mail/sendgrid-client.ts');
      return createSendgridClient({
        apiKey: params.sendgridApiKey.value(),
        apiBase: params.sendgridApiBase.value(),
        from,
      });
    }),
    chain: lazy(async () => {
      const { chain } = readOnce();
      const rpcUrl = params.chainRpcUrl.value().trim();
      if (chain === null || rpcUrl === '') throw new CodedError('chain.not_set_up', 'set CHAIN_ID and CHAIN_RPC_URL');
      const { createChainClient } = await import('../vendors/chain/client.ts');
      return createChainClient({ ...chain, rpcUrl });
    }),
    rewardSigner: lazy(async () => {
      const keyVersion = params.chainKmsKey.value().trim();
      if (keyVersion !== '') {
        const { createKmsSigner } = await import('../vendors/chain/kms-signer.ts');
        return createKmsSigner({ keyVersion, apiBase: params.kmsApiBase.value() });
      }
      const privateKey = params.chainSignerKey.value().trim();
      if (privateKey === '') throw new CodedError('chain.not_set_up', 'set CHAIN_KMS_KEY: nothing signs payments');
      const { createLocalSigner } = await import('../vendors/chain/local-signer.ts');
      return createLocalSigner(privateKey);
    }),
    voice: lazy(async () => {
      const { createVoiceClient } = await import('../vendors/voice/client.ts');
      return createVoiceClient({
        apiKey: params.elevenLabsApiKey.value(),
        apiBase: params.elevenLabsApiBase.value(),
      });
    }),
    files: lazy(async () => {
      const { openFiles } = await import('./files.ts');
      const named = params.voiceBucket.value();
      // Firebase's own bucket of the project, as new projects have it.
      return openFiles({ bucket: named === '' ? `${process.env['GCLOUD_PROJECT'] ?? ''}.firebasestorage.app` : named });
    }),
    quoteKeys: () => (quoteKeys ??= parseQuoteKeys(params.quoteKeys.value())),
    personKey: () => readPersonKey(params.personKey.value()),
    documents: lazy(async () => {
      if (params.withoutFirestore.value()) return withoutDocuments;
      return (await import('./documents.ts')).openDocuments();
    }),
    users: lazy(async () => (await import('./users.ts')).openUsers()),
  };
}

let instance: Services | undefined;

/** The services of this instance. */
export function services(): Services {
  instance ??= makeServices();
  return instance;
}

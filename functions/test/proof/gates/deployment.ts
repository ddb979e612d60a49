import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { OXIO_PLAN_IDS } from '../../../../sandbox/src/oxio/plans.ts';
import { logFolder } from '../../support/keep-log.ts';
import {
  TEST_PERSON_KEY,
  TEST_QUOTE_KEYS_TEXT,
  TEST_WEBHOOK_SECRET,
  type TestServices,
} from '../../support/services.ts';
import { GoogleStandIn, PROJECT } from './google.ts';

/** Everything that is deployed, running in production mode beside a test's database and sandbox. */
export interface Deployment {
  /** Address of a function; the REST door's routes lie below `urlOf('api')`. */
  urlOf(functionName: string): string;
  /** Names of the functions that answer requests. */
  readonly functions: readonly string[];
  readonly google: GoogleStandIn;
  /** Resident memory of the functions' process in bytes, after a garbage collection. */
  memory(): Promise<{ rss: number; heap: number }>;
  stop(): Promise<void>;
}

/** Variables that would turn an SDK or the functions' runtime into its emulator's self. */
const emulation = /EMULATOR|^FIREBASE_|^GOOGLE_|^VITEST|^NODE_OPTIONS$|^K_/;

/** Starts the functions in a process of their own. */
export async function deploy(t: TestServices, settings: Record<string, string> = {}): Promise<Deployment> {
  const google = new GoogleStandIn();
  const standIn = await google.start();
  const inherited = Object.entries(process.env).filter(([name]) => !emulation.test(name));
  const { stripeSecretKey, oxioApiKey, oxioAuthToken, sendgridApiKey } = SANDBOX_CREDENTIALS;
  mkdirSync(logFolder, { recursive: true });
  const log = openSync(path.join(logFolder, `deployed-${String(process.pid)}.log`), 'a');
  const child = fork(path.join(import.meta.dirname, 'deployed-server.ts'), {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', log, log, 'ipc'],
    env: {
      ...Object.fromEntries(inherited),
      NODE_ENV: 'production',
      GCLOUD_PROJECT: PROJECT,
      GOOGLE_STAND_IN: String(standIn),
      DATABASE_URL: t.databaseUrl,
      STRIPE_SECRET_KEY: stripeSecretKey,
      STRIPE_WEBHOOK_SECRET: TEST_WEBHOOK_SECRET,
      STRIPE_API_BASE: t.sandboxUrls.stripe,
      QUOTE_KEYS: TEST_QUOTE_KEYS_TEXT,
      PERSON_KEY: TEST_PERSON_KEY,
      OXIO_API_KEY: oxioApiKey,
      OXIO_AUTH_TOKEN: oxioAuthToken,
      OXIO_API_BASE: t.sandboxUrls.oxio,
      OXIO_PLAN_IDS: JSON.stringify(OXIO_PLAN_IDS),
      SENDGRID_API_KEY: sendgridApiKey,
      SENDGRID_API_BASE: t.sandboxUrls.sendgrid,
      SMTP_URL: ' ',
      // A chain that is set up and gives no answer: operations that need it say so, all others don't notice.
      CHAIN_ID: '31337',
      CHAIN_TOKEN: `0x${'a'.repeat(40)}`,
      CHAIN_DISTRIBUTOR: `0x${'d'.repeat(40)}`,
      CHAIN_RPC_URL: 'http://127.0.0.1:1',
      CHAIN_SIGNER_KEY: `0x${'1'.repeat(64)}`,
      APP_URL: 'https://app.test',
      APP_CHECK_REQUIRED: 'true',
      WITHOUT_FIRESTORE: 'true',
      ...settings,
    },
  });
  closeSync(log);
  const { port, functions } = (await nextMessage(child)) as { port: number; functions: string[] };
  return {
    urlOf: (name) => `http://127.0.0.1:${String(port)}/${name}`,
    functions,
    google,
    memory() {
      const answer = nextMessage(child);
      child.send('memory');
      return answer as Promise<{ rss: number; heap: number }>;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        child.disconnect();
        await ended;
      }
      await google.stop();
    },
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`the functions' process ended with ${String(code)}; its log is in ${logFolder}`));
    });
  });
}

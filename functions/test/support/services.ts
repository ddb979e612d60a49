import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Services } from '../../src/platform/container.ts';
import type { Policy } from '../../src/platform/config.ts';
import { openDb } from '../../src/platform/db.ts';
import type { Topics } from '../../src/platform/jobs.ts';
import { runJob } from '../../src/platform/jobs.ts';
import { parseQuoteKeys } from '../../src/platform/quotes/quote-keys.ts';
import { createCarrierClient } from '../../src/vendors/carrier/client.ts';
import { createSendgridClient } from '../../src/vendors/mail/sendgrid-client.ts';
import type { PaymentsPort } from '../../src/vendors/payments/port.ts';
import { createPaymentsClient } from '../../src/vendors/payments/client.ts';
import { ControlClient } from '../../../sandbox/src/control-client.ts';
import { SANDBOX_CREDENTIALS } from '../../../sandbox/src/credentials.ts';
import { OXIO_PLAN_IDS } from '../../../sandbox/src/oxio/plans.ts';
import { startSandbox } from '../../../sandbox/src/start.ts';
import { freshDatabase } from './postgres.ts';
import { withoutChain } from './without-chain.ts';
import { voiceSettings, withoutVoice } from './without-voice.ts';
import { recordDocuments, type RecordedDocuments } from './recorded-documents.ts';
import { recordUsers, type RecordedUsers } from './recorded-users.ts';

/** Signs the webhooks of a test's sandbox. */
export const TEST_WEBHOOK_SECRET = 'whsec_test';

/** Signs the quotes of tests. */
export const TEST_QUOTE_KEYS_TEXT = JSON.stringify({ test: 'A'.repeat(43) });

/** Tells persons apart in tests. */
export const TEST_PERSON_KEY = 'person-key-of-tests-and-nothing-else';

const TEST_QUOTE_KEYS = parseQuoteKeys(TEST_QUOTE_KEYS_TEXT);

/** Receives what the sandbox's Stripe posts: the raw body and the signature header. Returns the HTTP status to answer. */
export type WebhookReceiver = (services: Services, rawBody: Buffer, signature: string | undefined) => Promise<number>;

/** The backend of one test: real Postgres, real vendor clients, the sandbox over HTTP. */
export interface TestServices extends Services {
  readonly databaseUrl: string;
  /** Steers the sandbox: faults, clock, inbox, what exists at the vendors. */
  readonly control: ControlClient;
  readonly sandboxUrls: Readonly<
    Record<'console' | 'stripe' | 'oxio' | 'sendgrid' | 'kms' | 'elevenlabs' | 'smtp', string>
  >;
  /** What was projected, instead of Firestore. */
  readonly projected: RecordedDocuments;
  /** The identity provider, instead of Firebase Auth. */
  readonly people: RecordedUsers;
  /** Moves the one clock that the backend and the sandbox share. */
  advance(seconds: number): Promise<void>;
  /** Delivers what the sandbox's Stripe holds back, oldest first, and waits for the answers. Returns how many there were. */
  releaseWebhooks(): Promise<number>;
  /** Ends all of it and drops the database. Call it in `afterAll` or `afterEach`. */
  stop(): Promise<void>;
}

/**
 * Builds Services for one test or test file. Time passes as on the wall, from the sandbox's clock, and jumps with `advance`.
 * With `webhooks`, Stripe's events are held and each `drain` delivers them to that receiver over HTTP.
 * To stand a fault between a use case and a vendor, spread it: `{ ...t, carrier: async () => dyingAfter(port, 'createGroup') }`.
 */
export async function testServices(
  options: { seeded?: boolean; policy?: Partial<Policy>; webhooks?: WebhookReceiver } = {},
): Promise<TestServices> {
  // Operations may be called through `invoke`, which asks this setting; the doors' own tests set it otherwise.
  process.env['APP_CHECK_REQUIRED'] = 'false';
  const database = await freshDatabase({ seeded: options.seeded ?? false });
  const receiver = await startReceiver();
  const sandbox = await startSandbox({
    dataFile: ':memory:',
    ports: { console: 0, stripe: 0, oxio: 0, sendgrid: 0, kms: 0, elevenlabs: 0, smtp: 0 },
    stripeWebhook: { url: receiver.url, secret: TEST_WEBHOOK_SECRET },
  });
  // Nobody enqueues: `drain` finds due jobs in the database, as the sweeper would.
  const db = openDb({ connectionString: database.url, max: 8, onCommitted: async () => undefined });
  const clock = { now: () => sandbox.core.clock.now() };
  const control = new ControlClient(sandbox.urls.console);
  // Not at once and in the background, but when the test says so.
  for (const sender of sandbox.core.webhooks.all()) sender.setMode(options.webhooks ? 'hold' : 'drop');
  const projected = recordDocuments();
  const people = recordUsers(clock.now);
  const clients = vendorClients(sandbox.urls, options.policy?.taxes ?? false);
  const services: TestServices = {
    clock,
    db,
    policy: {
      orderDeadlineMinutes: 30,
      refundWindowDays: 14,
      taxes: false,
      appUrl: 'https://app.test',
      carrierPlanIds: { ...OXIO_PLAN_IDS },
      // Tests count an order's tokens; who tests what comes once says how many there are.
      rewards: { dailyCapDotm: '500', foundingMemberDotm: '100', foundingMembers: 0, newMemberDotm: '0' },
      chain: null,
      walletCoolingHours: 48,
      voice: voiceSettings,
      ...options.policy,
    },
    payments: async () => clients.payments,
    carrier: async () => clients.carrier,
    mail: async () => clients.mail,
    ...withoutChain,
    ...withoutVoice,
    quoteKeys: () => TEST_QUOTE_KEYS,
    personKey: () => TEST_PERSON_KEY,
    documents: async () => projected,
    users: async () => people,
    databaseUrl: database.url,
    control,
    sandboxUrls: sandbox.urls,
    projected,
    people,
    advance: (seconds) => sandbox.core.clock.advance(seconds),
    releaseWebhooks: async () => (await sandbox.core.webhooks.get('stripe')?.release()) ?? 0,
    async stop() {
      await receiver.close();
      await sandbox.stop();
      await db.end();
      await database.drop();
    },
  };
  receiver.receive = async (rawBody, signature) => (await options.webhooks?.(services, rawBody, signature)) ?? 204;
  return services;
}

function vendorClients(urls: TestServices['sandboxUrls'], automaticTax: boolean) {
  const { stripeSecretKey, oxioApiKey, oxioAuthToken, sendgridApiKey } = SANDBOX_CREDENTIALS;
  return {
    payments: onTheWallClock(
      createPaymentsClient({
        secretKey: stripeSecretKey,
        webhookSecret: TEST_WEBHOOK_SECRET,
        apiBase: urls.stripe,
        automaticTax,
      }),
    ),
    carrier: createCarrierClient({ apiKey: oxioApiKey, authToken: oxioAuthToken, apiBase: urls.oxio }),
    mail: createSendgridClient({ apiKey: sendgridApiKey, apiBase: urls.sendgrid, from: 'DOTM <hello@dotm.example>' }),
  };
}

/** The sandbox signs by the wall clock, as a vendor would; our shared clock may have jumped hours ahead of it. */
function onTheWallClock(payments: PaymentsPort): PaymentsPort {
  return { ...payments, verifyWebhook: (rawBody, signature) => payments.verifyWebhook(rawBody, signature, new Date()) };
}

interface Receiver {
  url: string;
  receive: (rawBody: Buffer, signature: string | undefined) => Promise<number>;
  close(): Promise<void>;
}

/** Listens for webhooks on a free port. A receiver that throws answers 500, as the deployed function would. */
async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', receive: async () => 204, close: () => closed(server) };
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const signature = req.headers['stripe-signature'];
      receiver.receive(Buffer.concat(chunks), typeof signature === 'string' ? signature : undefined).then(
        (status) => res.writeHead(status).end(),
        () => res.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhooks/stripe`;
  return receiver;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Far more than any test's work: what goes on after this many jobs goes round in a circle. */
const MAX_RUNS = 2_000;

/**
 * Delivers held webhooks and runs due jobs of `topics`, oldest first, until neither is left. With `forSeconds`, it then moves the
 * clock on to the next job that is planned, as long as that is within so many seconds. Returns how many jobs ran.
 */
export async function drain(
  services: TestServices,
  topics: Topics,
  options: { forSeconds?: number } = {},
): Promise<number> {
  const until = services.clock.now().getTime() + (options.forSeconds ?? 0) * 1000;
  const names = Object.keys(topics);
  for (let ran = 0; ran < MAX_RUNS;) {
    const delivered = await services.releaseWebhooks();
    const next = await nextJob(services, names);
    const now = services.clock.now().getTime();
    if (next && next.runAt.getTime() <= now) {
      if ((await runJob(services, topics, next.id)) === 'ran') ran += 1;
    } else if (next && next.runAt.getTime() <= until) {
      await services.advance((next.runAt.getTime() - now) / 1000 + 0.001);
    } else if (delivered === 0) {
      return ran;
    }
  }
  throw new Error(`more than ${String(MAX_RUNS)} jobs ran: some job plans itself again and again`);
}

/** The next job that nobody holds; one whose claim outlives its worker counts as due when its lease ends. */
async function nextJob(services: Services, topics: string[]): Promise<{ id: string; runAt: Date } | undefined> {
  const { rows } = await services.db.query<{ id: string; at: Date }>(
    `select o.id, greatest(o.run_at, o.claimed_until, l.leased_until) as at
     from outbox o left join lane l on l.name = o.lane and l.job_id <> o.id
     where o.state = 'pending' and o.topic = any ($1) order by at, o.id limit 1`,
    [topics],
  );
  return rows[0] && { id: rows[0].id, runAt: rows[0].at };
}

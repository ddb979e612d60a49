import { signWebhook } from '../../../../sandbox/src/stripe/signature.ts';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { ControlClient } from '../../../../sandbox/src/control-client.ts';
import { OXIO_PLAN_IDS } from '../../../../sandbox/src/oxio/plans.ts';
import { startSandbox } from '../../../../sandbox/src/start.ts';
import { receivePaymentEvent } from '../../../src/features/orders/receive-payment-event.ts';
import type { Services } from '../../../src/platform/container.ts';
import { openDb } from '../../../src/platform/db.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { topics } from '../../../src/topics.ts';
import { createCarrierClient } from '../../../src/vendors/carrier/client.ts';
import { parseQuoteKeys } from '../../../src/platform/quotes/quote-keys.ts';
import { withoutChain } from '../../support/without-chain.ts';
import { voiceSettings, withoutVoice } from '../../support/without-voice.ts';
import { TEST_PERSON_KEY, TEST_QUOTE_KEYS_TEXT, TEST_WEBHOOK_SECRET } from '../../support/services.ts';
import { recordDocuments } from '../../support/recorded-documents.ts';
import { recordUsers, type RecordedUsers } from '../../support/recorded-users.ts';
import type { Provider, RecordedEvent } from './provider.ts';

/** A backend with a database, a carrier and a clock of its own. Its payment provider may be changed for a copy. */
export interface Side extends Services {
  readonly carrierControl: ControlClient;
  readonly people: RecordedUsers;
  provider: Provider;
  /** Hands an event in at the webhook's door, signed now as the provider signs. Returns whether it was new. */
  deliver(event: RecordedEvent): Promise<boolean>;
  /** Moves the clock. */
  advance(seconds: number): Promise<void>;
  /** Works off all that is due, `atOnce` jobs side by side, and what falls due within `forSeconds`. Returns how many jobs ran. */
  workOff(atOnce: number, forSeconds: number): Promise<number>;
  stop(): Promise<void>;
}

/**
 * What is not run: mails are compared as they were queued, and what clients are shown is computed from what is compared here. The
 * crash sweep and the integration tests run both.
 */
const leftOut = ['mail.send', 'projection.member', 'projection.catalog'];
const worked = Object.keys(topics).filter((topic) => !leftOut.includes(topic));

/**
 * Opens a backend on a database. With `movesProvider` its clock takes the provider's along; two sides of one provider leave that alone.
 */
export async function openSide(
  databaseUrl: string,
  provider: Provider,
  options: { people?: RecordedUsers; movesProvider?: boolean } = {},
): Promise<Side> {
  process.env['APP_CHECK_REQUIRED'] = 'false';
  const ports = { console: 0, stripe: 0, oxio: 0, sendgrid: 0, kms: 0, elevenlabs: 0, smtp: 0 };
  const sandbox = await startSandbox({ dataFile: ':memory:', ports });
  const { oxioApiKey: apiKey, oxioAuthToken: authToken } = SANDBOX_CREDENTIALS;
  const carrier = createCarrierClient({ apiKey, authToken, apiBase: sandbox.urls.oxio });
  const clock = { now: () => sandbox.core.clock.now() };
  // Sign-ins are dated by the wall clock: they outlive the side that they were made at.
  const users = options.people ?? recordUsers(() => new Date());
  const documents = recordDocuments();
  const side: Side = {
    provider,
    people: users,
    clock,
    db: openDb({ connectionString: databaseUrl, max: 8, onCommitted: () => Promise.resolve() }),
    policy: {
      orderDeadlineMinutes: 30,
      refundWindowDays: 14,
      taxes: false,
      appUrl: 'https://app.test',
      carrierPlanIds: { ...OXIO_PLAN_IDS },
      rewards: { dailyCapDotm: '500', foundingMemberDotm: '100', foundingMembers: 0, newMemberDotm: '0' },
      chain: null,
      walletCoolingHours: 48,
      voice: voiceSettings,
    },
    payments: () => Promise.resolve(onTheWallClock(side)),
    carrier: () => Promise.resolve(carrier),
    mail: () => Promise.reject(new Error('no mail leaves in a storm')),
    ...withoutChain,
    ...withoutVoice,
    quoteKeys: () => parseQuoteKeys(TEST_QUOTE_KEYS_TEXT),
    personKey: () => TEST_PERSON_KEY,
    documents: () => Promise.resolve(documents),
    users: () => Promise.resolve(users),
    carrierControl: new ControlClient(sandbox.urls.console),
    async advance(seconds) {
      await sandbox.core.clock.advance(seconds);
      if (options.movesProvider) await side.provider.advance(seconds);
    },
    async deliver(event) {
      const headers = signWebhook(event.body, Math.floor(Date.now() / 1000), TEST_WEBHOOK_SECRET);
      return (await receivePaymentEvent(side, Buffer.from(event.body), headers['stripe-signature'])).isNew;
    },
    workOff: (atOnce, forSeconds) => workOff(side, atOnce, forSeconds),
    async stop() {
      await side.db.end();
      await sandbox.stop();
    },
  };
  return side;
}

/** Signatures are made by the wall clock, which the side's own clock runs ahead of. */
function onTheWallClock({ provider }: Side) {
  const { payments } = provider;
  const verifyWebhook: typeof payments.verifyWebhook = (body, signature) =>
    payments.verifyWebhook(body, signature, new Date());
  return { ...payments, verifyWebhook };
}

interface Due {
  id: string;
  at: Date;
}

async function workOff(side: Side, atOnce: number, forSeconds: number): Promise<number> {
  const until = side.clock.now().getTime() + forSeconds * 1_000;
  let ran = 0;
  for (;;) {
    const next = await nextJobs(side);
    const now = side.clock.now().getTime();
    const due = next.filter(({ at }) => at.getTime() <= now);
    const [first] = next;
    if (due.length > 0) ran += await runAll(side, due, atOnce);
    else if (first && first.at.getTime() <= until) await side.advance((first.at.getTime() - now) / 1_000 + 0.001);
    else return ran;
  }
}

/** The jobs that nobody holds, oldest first; a lane that is taken counts until its lease ends. */
async function nextJobs({ db }: Side): Promise<Due[]> {
  const { rows } = await db.query<Due>(
    `select o.id, greatest(o.run_at, o.claimed_until, l.leased_until) as at
     from outbox o left join lane l on l.name = o.lane and l.job_id <> o.id
     where o.state = 'pending' and o.topic = any ($1) order by at, o.id limit 200`,
    [worked],
  );
  return rows;
}

async function runAll(side: Side, due: Due[], atOnce: number): Promise<number> {
  const waiting = due.map(({ id }) => id);
  let ran = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        if ((await runJob(side, topics, id)) === 'ran') ran += 1;
      }
    }),
  );
  return ran;
}

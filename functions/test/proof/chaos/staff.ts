import type { Services } from '../../../src/platform/container.ts';
import { openDb } from '../../../src/platform/db.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { sweepEverything } from '../../../src/triggers/sweep-everything.ts';
import { topics } from '../../../src/topics.ts';
import { createCarrierClient } from '../../../src/vendors/carrier/client.ts';
import { createSendgridClient } from '../../../src/vendors/mail/sendgrid-client.ts';
import { createPaymentsClient } from '../../../src/vendors/payments/client.ts';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { TEST_WEBHOOK_SECRET, type TestServices } from '../../support/services.ts';

/** A process of the backend: its own connections, and vendors that it waits for no longer than the campaign has time. */
export function processOf(world: TestServices, connections: number): Services {
  const { stripeSecretKey, oxioApiKey, oxioAuthToken, sendgridApiKey } = SANDBOX_CREDENTIALS;
  const { stripe, oxio, sendgrid } = world.sandboxUrls;
  const timeoutMs = 1_500;
  const onCommitted = () => Promise.resolve();
  const payments = createPaymentsClient({
    ...{ secretKey: stripeSecretKey, webhookSecret: TEST_WEBHOOK_SECRET },
    ...{ apiBase: stripe, timeoutMs },
  });
  const carrier = createCarrierClient({ apiKey: oxioApiKey, authToken: oxioAuthToken, apiBase: oxio, timeoutMs });
  const from = 'DOTM <hello@dotm.example>';
  const mail = createSendgridClient({ apiKey: sendgridApiKey, apiBase: sendgrid, from, timeoutMs });
  return {
    clock: world.clock,
    policy: world.policy,
    users: world.users,
    documents: world.documents,
    quoteKeys: world.quoteKeys,
    personKey: world.personKey,
    db: openDb({ connectionString: world.databaseUrl, max: connections, onCommitted }),
    // The sandbox signs by the wall clock, and the shared one runs ahead of it.
    payments: () =>
      Promise.resolve({
        ...payments,
        verifyWebhook: (body, signature) => payments.verifyWebhook(body, signature, new Date()),
      }),
    carrier: () => Promise.resolve(carrier),
    mail: () => Promise.resolve(mail),
    chain: world.chain,
    rewardSigner: world.rewardSigner,
    voice: world.voice,
    files: world.files,
  };
}

/** What went wrong around the jobs, by message: a database that is away is expected, anything else is shown. */
export type Troubles = Map<string, number>;

/**
 * Takes due jobs of all topics and runs them until `isOver`. Several of these at once hold the same list in their hands, so they meet
 * at the same jobs. What is thrown is what the queue would see and retry.
 */
export async function work(process: Services, isOver: () => boolean, troubles: Troubles): Promise<void> {
  while (!isOver()) {
    try {
      const ids = await dueJobs(process);
      for (const id of ids) await runJob(process, topics, id);
      if (ids.length === 0) await pause(30);
    } catch (error) {
      note(troubles, error);
      await pause(50);
    }
  }
}

async function dueJobs({ db, clock }: Services): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from (
       select id from outbox where state = 'pending' and run_at <= $1 and (claimed_until is null or claimed_until < $1)
       order by run_at, id limit 24) as due
     order by random() limit 4`,
    [clock.now()],
  );
  return rows.map((row) => row.id);
}

/** Does what the scheduler asks for every minute, over and over. Two of these overlap. */
export async function sweep(process: Services, isOver: () => boolean, troubles: Troubles): Promise<number> {
  let sweeps = 0;
  while (!isOver()) {
    await sweepEverything(process).then(
      () => (sweeps += 1),
      (error: unknown) => {
        note(troubles, error);
      },
    );
    await pause(400);
  }
  return sweeps;
}

function note(troubles: Troubles, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  troubles.set(text, (troubles.get(text) ?? 0) + 1);
}

/** Gives the machine to others for a moment when there is nothing to do. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

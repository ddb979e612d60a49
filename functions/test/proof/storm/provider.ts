import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Stripe } from 'stripe';
import { ControlClient } from '../../../../sandbox/src/control-client.ts';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { startSandbox, type RunningSandbox } from '../../../../sandbox/src/start.ts';
import { StripeControl } from '../../../../sandbox/src/stripe/stripe-control.ts';
import { createPaymentsClient } from '../../../src/vendors/payments/client.ts';
import type { PaymentsPort } from '../../../src/vendors/payments/port.ts';
import { TEST_WEBHOOK_SECRET } from '../../support/services.ts';

/** An event as the payment provider wrote it down: its id, type, and the body that it would send. */
export interface RecordedEvent {
  id: string;
  type: string;
  body: string;
}

/** A payment provider that can be copied with all that it holds. It sends no events: it writes them down. */
export interface Provider {
  readonly stripe: StripeControl;
  readonly payments: PaymentsPort;
  readonly url: string;
  /** Moves its clock. */
  advance(seconds: number): Promise<void>;
  /** The events since the last call, oldest first. */
  takeEvents(): RecordedEvent[];
  /** Two equal copies of it, which know no events to take. It must not be used any more. */
  split(): Promise<[Provider, Provider]>;
  stop(): Promise<void>;
}

/** The name under which the sandbox keeps the events of its Stripe. */
const EVENTS = 'stripe.event';

/** Starts an empty provider. */
export async function startProvider(): Promise<Provider> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dotm-storm-'));
  return openProvider(folder, path.join(folder, 'provider.sqlite'), 0);
}

async function openProvider(folder: string, dataFile: string, seen: number): Promise<Provider> {
  const ports = { console: 0, stripe: 0, oxio: 0, sendgrid: 0, kms: 0, elevenlabs: 0, smtp: 0 };
  const sandbox: RunningSandbox = await startSandbox({ dataFile, ports });
  for (const sender of sandbox.core.webhooks.all()) sender.setMode('drop');
  let taken = seen;
  const { stripeSecretKey: secretKey } = SANDBOX_CREDENTIALS;
  const apiBase = sandbox.urls.stripe;
  const payments = createPaymentsClient({ secretKey, webhookSecret: TEST_WEBHOOK_SECRET, apiBase });
  return {
    stripe: new StripeControl(new ControlClient(sandbox.urls.console)),
    payments,
    url: sandbox.urls.stripe,
    advance: (seconds) => sandbox.core.clock.advance(seconds),
    takeEvents() {
      const left = sandbox.core.store.count(EVENTS) - taken;
      const events = left > 0 ? sandbox.core.store.list<Stripe.Event>(EVENTS, {}, { order: 'desc', limit: left }) : [];
      taken += events.length;
      return events.reverse().map((event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) }));
    },
    async split() {
      await sandbox.stop();
      const copies = await Promise.all(
        ['orderly', 'stormy'].map(async (name) => {
          const copy = path.join(folder, `${name}.sqlite`);
          await copyFile(dataFile, copy);
          return openProvider(folder, copy, taken);
        }),
      );
      return copies as [Provider, Provider];
    },
    async stop() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

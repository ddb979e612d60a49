import type { Stripe } from 'stripe';
import { openSdk } from './client.ts';
import { paymentError } from './errors.ts';

/** Where Stripe sends events, as Stripe has it. */
export interface WebhookEndpoint {
  id: string;
  enabled: boolean;
  /** Types in alphabetical order; `*` stands for all of them. */
  events: string[];
}

/** What operators' commands ask and change of webhook endpoints; no function does. Throws as PaymentsPort does. */
export interface WebhookEndpoints {
  /** The endpoints at exactly this address. More than one means that every event comes several times. */
  find(url: string): Promise<WebhookEndpoint[]>;
  /** Makes an endpoint. Its signing secret is told here and never again. */
  create(url: string, events: readonly string[]): Promise<{ id: string; secret: string }>;
  /** Has the endpoint get exactly `events`, and switches it on. */
  update(id: string, events: readonly string[]): Promise<void>;
}

type Types = Stripe.WebhookEndpointCreateParams['enabled_events'];

/** Opens the webhook endpoints of the account that `secretKey` belongs to. */
export function openWebhookEndpoints(options: { secretKey: string; apiBase: string }): WebhookEndpoints {
  const sdk = openSdk(options);
  async function using<T>(call: string, use: (stripe: Stripe) => Promise<T>): Promise<T> {
    try {
      return await use(await sdk);
    } catch (error) {
      throw paymentError(call, error);
    }
  }
  return {
    find: (url) =>
      using('list webhook endpoints', async (stripe) => {
        const found: WebhookEndpoint[] = [];
        for await (const each of stripe.webhookEndpoints.list({ limit: 100 })) {
          if (each.url !== url) continue;
          found.push({ id: each.id, enabled: each.status === 'enabled', events: each.enabled_events.toSorted() });
        }
        return found;
      }),
    create: (url, events) =>
      using('create webhook endpoint', async (stripe) => {
        const { id, secret } = await stripe.webhookEndpoints.create({
          url,
          enabled_events: [...events] as Types,
          description: 'DOTM Platform',
        });
        return { id, secret: secret ?? '' };
      }),
    update: (id, events) =>
      using('update webhook endpoint', async (stripe) => {
        await stripe.webhookEndpoints.update(id, { enabled_events: [...events] as Types, disabled: false });
      }),
  };
}

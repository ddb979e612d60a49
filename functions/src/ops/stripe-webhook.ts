import { parseArgs } from 'node:util';
import { eventHandlers } from '../features/orders/payment-events/index.ts';
import { params } from '../platform/config.ts';
import { openWebhookEndpoints, type WebhookEndpoints } from '../vendors/payments/webhook-endpoints.ts';

/** What Stripe is to send: the types that something here handles, and no others. */
export const wantedEvents: readonly string[] = Object.keys(eventHandlers).sort();

/** The address of our endpoint, given the public address of the web app. */
export function webhookUrl(appUrl: string): string {
  return `${appUrl.replace(/\/$/, '')}/webhooks/stripe`;
}

/** What Stripe's endpoint at `url` lacks, in words; nothing when it is as it must be. */
export async function missingOfEndpoint(endpoints: WebhookEndpoints, url: string): Promise<string[]> {
  const [first, ...others] = await endpoints.find(url);
  if (!first) return [`Stripe has no webhook endpoint at ${url}`];
  const lacks = wantedEvents.filter((type) => !first.events.includes(type));
  const unwanted = first.events.filter((type) => !wantedEvents.includes(type));
  return [
    ...(first.enabled ? [] : [`${first.id} is switched off`]),
    ...(lacks.length > 0 ? [`${first.id} does not get ${lacks.join(', ')}`] : []),
    ...(unwanted.length > 0 ? [`${first.id} gets ${unwanted.join(', ')}, which nothing here handles`] : []),
    ...(others.length > 0 ? [`${others.map(({ id }) => id).join(', ')} too: every event comes several times`] : []),
  ];
}

/**
 * Has Stripe send exactly the events that we handle. Safe to repeat: an endpoint that is as it must be is left alone. Returns what was
 * done, in lines for the operator; the secret of a new endpoint is among them, because Stripe tells it this once.
 */
export async function registerWebhook(endpoints: WebhookEndpoints, url: string, dryRun: boolean): Promise<string[]> {
  const missing = await missingOfEndpoint(endpoints, url);
  if (missing.length === 0)
    return [`Stripe's endpoint at ${url} gets the ${wantedEvents.length} events that we handle`];
  if (dryRun) return [...missing, 'nothing was changed: run it without --dry-run'];
  const [existing, ...others] = await endpoints.find(url);
  if (existing) {
    await endpoints.update(existing.id, wantedEvents);
    const double = others.map(({ id }) => `${id} has the same address: delete it in Stripe's dashboard`);
    return [`${existing.id} now gets the ${wantedEvents.length} events that we handle`, ...double];
  }
  const { id, secret } = await endpoints.create(url, wantedEvents);
  return [
    `made ${id} for ${url} with ${wantedEvents.length} events`,
    `its signing secret, told this once: ${secret}`,
    'keep it: firebase functions:secrets:set STRIPE_WEBHOOK_SECRET, then deploy',
  ];
}

// Run as `node functions/src/ops/stripe-webhook.ts [--dry-run]` with STRIPE_SECRET_KEY and APP_URL in the environment.
if (import.meta.main) {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  for (const name of ['STRIPE_SECRET_KEY', 'APP_URL']) if (!process.env[name]) throw new Error(`${name} is not set`);
  const endpoints = openWebhookEndpoints({
    secretKey: params.stripeSecretKey.value(),
    apiBase: params.stripeApiBase.value(),
  });
  const lines = await registerWebhook(endpoints, webhookUrl(params.appUrl.value()), values['dry-run']);
  process.stdout.write(`${lines.join('\n')}\n`);
}

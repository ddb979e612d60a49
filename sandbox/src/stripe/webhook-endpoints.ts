import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { page } from './pagination.ts';
import { common, flag, mergeMetadata, metadata, metadataUpdate, paging, text, url } from './params.ts';
import type { World } from './world.ts';

// The real API knows about 250 types and refuses others; a list of them would be old tomorrow, so only their form is checked.
const eventTypes = z.array(z.string().regex(/^(\*|[a-z_0-9]+(\.[a-z_0-9]+)+)$/)).min(1);

const createInput = z.strictObject({
  ...common,
  url,
  enabled_events: eventTypes,
  api_version: text.optional(),
  connect: flag.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
});
const updateInput = z.strictObject({
  ...common,
  url: url.optional(),
  enabled_events: eventTypes.optional(),
  disabled: flag.optional(),
  description: text.optional(),
  metadata: metadataUpdate.optional(),
});

/** Answers the endpoint with its signing secret: it is shown this once. */
function createEndpoint(world: World, input: z.output<typeof createInput>): Stripe.WebhookEndpoint {
  const made: Stripe.WebhookEndpoint = {
    id: randomId('we'),
    object: 'webhook_endpoint',
    api_version: input.api_version ?? null,
    application: null,
    created: world.now(),
    description: input.description ?? null,
    enabled_events: input.enabled_events,
    livemode: false,
    metadata: input.metadata ?? {},
    status: 'enabled',
    url: input.url,
  };
  world.tables.webhookEndpoints.put(made);
  return { ...made, secret: randomId('whsec', 32) };
}

function updateEndpoint(world: World, input: z.output<typeof updateInput>, id: string): Stripe.WebhookEndpoint {
  const old = world.tables.webhookEndpoints.require(id);
  const status = input.disabled === undefined ? old.status : input.disabled ? 'disabled' : 'enabled';
  return world.tables.webhookEndpoints.put({
    ...old,
    url: input.url ?? old.url,
    enabled_events: input.enabled_events ?? old.enabled_events,
    status,
    description: input.description ?? old.description,
    metadata: mergeMetadata(old.metadata, input.metadata),
  });
}

/**
 * `/v1/webhook_endpoints…`: endpoints are kept and answered, so that a program that sets them up can be tried. Events go, as ever, to the
 * one address that the sandbox was started with.
 */
export const webhookEndpointEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/webhook_endpoints', createInput, createEndpoint),
  endpoint('GET', '/v1/webhook_endpoints', z.strictObject(paging), (world, input) =>
    page(world.tables.webhookEndpoints.list(), input, '/v1/webhook_endpoints'),
  ),
  endpoint('POST', '/v1/webhook_endpoints/:id', updateInput, updateEndpoint),
];

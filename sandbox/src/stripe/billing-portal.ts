import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { requireCustomer } from './customers.ts';
import { invalidRequest } from './errors.ts';
import { common, text, url } from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** A link to the portal works this long. */
export const PORTAL_LIFE_SECONDS = 3600;

const input = z.strictObject({
  ...common,
  configuration: text.optional(),
  customer: text,
  flow_data: z
    .strictObject({
      type: z.enum(['payment_method_update', 'subscription_cancel']),
      subscription_cancel: z.strictObject({ subscription: text }).optional(),
      after_completion: z
        .strictObject({
          type: z.enum(['hosted_confirmation', 'portal_homepage', 'redirect']),
          redirect: z.strictObject({ return_url: url }).optional(),
        })
        .optional(),
    })
    .optional(),
  locale: z
    .string()
    .regex(/^(auto|[a-z]{2}(-[A-Za-z0-9]{2,3})?)$/)
    .optional(),
  return_url: url.optional(),
});

function createPortalSession(world: World, given: z.output<typeof input>): Stripe.BillingPortal.Session {
  const customer = requireCustomer(world, given.customer);
  const cancels = given.flow_data?.subscription_cancel?.subscription;
  if (cancels !== undefined) {
    const subscription = world.tables.subscriptions.require(cancels, 'flow_data[subscription_cancel][subscription]');
    if (idOf(subscription.customer) !== customer.id) {
      throw invalidRequest(`The subscription ${cancels} does not belong to customer ${customer.id}.`, {
        param: 'flow_data[subscription_cancel][subscription]',
      });
    }
  }
  return world.tables.portalSessions.put({
    id: randomId('bps'),
    object: 'billing_portal.session',
    configuration: given.configuration ?? 'bpc_sandbox',
    created: world.now(),
    customer: customer.id,
    customer_account: null,
    flow: given.flow_data ? flowOf(given.flow_data) : null,
    livemode: false,
    locale: given.locale ?? null,
    on_behalf_of: null,
    return_url: given.return_url ?? null,
    url: `${world.origin}/p/session/${randomId('test', 60)}`,
  });
}

function flowOf(flow: NonNullable<z.output<typeof input>['flow_data']>): Stripe.BillingPortal.Session.Flow {
  const redirect = flow.after_completion?.redirect;
  return {
    after_completion: {
      hosted_confirmation: null,
      redirect: redirect ?? null,
      type: flow.after_completion?.type ?? 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: flow.subscription_cancel ? { ...flow.subscription_cancel, retention: null } : null,
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type: flow.type,
  };
}

/** `/v1/billing_portal/sessions` */
export const billingPortalEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/billing_portal/sessions', input, createPortalSession),
];

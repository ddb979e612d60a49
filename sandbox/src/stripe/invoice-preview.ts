import type { Stripe } from 'stripe';
import { z } from 'zod';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { draftOf } from './invoices.ts';
import { common, text } from './params.ts';
import { invoiceOfChange, planChangeInput, reckonPlanChange } from './plan-change.ts';
import type { World } from './world.ts';

const previewInput = z.strictObject({
  ...common,
  customer: text.optional(),
  subscription: text,
  // What is billed at once is previewed here, renewals are not: nobody asks.
  subscription_details: z.strictObject({ ...planChangeInput, proration_behavior: z.literal('always_invoice') }),
});

/** Answers the invoice that a change of a subscription would make, without making it. */
function previewInvoice(world: World, input: z.output<typeof previewInput>): Stripe.Invoice {
  const subscription = world.tables.subscriptions.require(input.subscription, 'subscription');
  const change = reckonPlanChange(world, subscription, input.subscription_details);
  const draft = draftOf(world, invoiceOfChange(world, change));
  return { ...draft, id: `upcoming_${draft.id}` };
}

/** `/v1/invoices/create_preview` */
export const invoicePreviewEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/invoices/create_preview', previewInput, previewInvoice),
];

import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { difference } from './customers.ts';
import { invalidRequest, parameterMissing } from './errors.ts';
import { page } from './pagination.ts';
import {
  common,
  currency,
  integer,
  mergeMetadata,
  metadata,
  metadataUpdate,
  natural,
  paging,
  range,
  text,
} from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

const createInput = z.strictObject({
  ...common,
  id: text.optional(),
  amount_off: natural.refine((value) => value >= 1).optional(),
  currency: currency.optional(),
  duration: z.enum(['forever', 'once']).optional(),
  max_redemptions: natural.refine((value) => value >= 1).optional(),
  metadata: metadata.optional(),
  name: text.max(40).optional(),
  percent_off: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,2})?$/)
    .transform(Number)
    .refine((value) => value > 0 && value <= 100)
    .optional(),
  redeem_by: integer.optional(),
});
const updateInput = z.strictObject({ ...common, metadata: metadataUpdate.optional(), name: text.max(40).optional() });

function createCoupon(world: World, input: z.output<typeof createInput>): Stripe.Coupon {
  if ((input.amount_off === undefined) === (input.percent_off === undefined)) {
    throw invalidRequest('Must provide exactly one of percent_off or amount_off', { param: 'amount_off' });
  }
  if (input.amount_off !== undefined && input.currency === undefined) throw parameterMissing('currency');
  const id = input.id ?? randomId('', 8).slice(1);
  if (world.tables.coupons.get(id)) {
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' });
  }
  const coupon = world.tables.coupons.put({
    id,
    object: 'coupon',
    amount_off: input.amount_off ?? null,
    created: world.now(),
    currency: input.currency ?? null,
    duration: input.duration ?? 'once',
    duration_in_months: null,
    livemode: false,
    max_redemptions: input.max_redemptions ?? null,
    metadata: input.metadata ?? {},
    name: input.name ?? null,
    percent_off: input.percent_off ?? null,
    redeem_by: input.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  });
  world.emit('coupon.created', coupon);
  return coupon;
}

function updateCoupon(world: World, input: z.output<typeof updateInput>, id: string): Stripe.Coupon {
  const old = world.tables.coupons.require(id);
  const changed = world.tables.coupons.put({
    ...old,
    metadata: mergeMetadata(old.metadata ?? {}, input.metadata),
    name: input.name ?? old.name,
  });
  world.emit('coupon.updated', changed, difference(old, changed));
  return changed;
}

/** Finds the coupon that a new session names; refuses one that cannot be used any more, or is in another currency. */
export function requireUsableCoupon(world: World, id: string, code: string, param: string): Stripe.Coupon {
  const coupon = world.tables.coupons.require(id, param);
  const isLate = coupon.redeem_by !== null && coupon.redeem_by <= world.now();
  if (!coupon.valid || isLate)
    throw invalidRequest(`Coupon ${id} is used up or has expired.`, { code: 'coupon_expired', param });
  if (coupon.currency !== null && coupon.currency !== code) {
    throw invalidRequest(`The currency of coupon ${id} (${coupon.currency}) is not the one of the prices (${code}).`, {
      param,
    });
  }
  return coupon;
}

/** Redeems a coupon for a subscription or a session, and counts that; the discount begins now. */
export function redeemCoupon(
  world: World,
  couponId: string,
  by: { customer: string | null; session: string | null; subscription: string | null },
): Stripe.Discount {
  const coupon = world.tables.coupons.require(couponId);
  const times = coupon.times_redeemed + 1;
  const valid = coupon.max_redemptions === null || times < coupon.max_redemptions;
  world.tables.coupons.put({ ...coupon, times_redeemed: times, valid });
  const discount: Stripe.Discount = {
    id: randomId('di'),
    object: 'discount',
    checkout_session: by.session,
    customer: by.customer,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon: couponId, type: 'coupon' },
    start: world.now(),
    subscription: by.subscription,
    subscription_item: null,
  };
  return world.tables.discounts.put(discount);
}

/** Answers the discount that a subscription's invoices carry now, with its coupon; undefined where there is none. */
export function standingDiscount(
  world: World,
  subscription: Stripe.Subscription,
): { discount: Stripe.Discount; coupon: Stripe.Coupon } | undefined {
  const discount = world.tables.discounts.get(idOf(subscription.discounts[0]) ?? '');
  const coupon = world.tables.coupons.get(idOf(discount?.source.coupon) ?? '');
  return discount && coupon && { discount, coupon };
}

/** `/v1/coupons…` */
export const couponEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/coupons', createInput, createCoupon),
  endpoint('GET', '/v1/coupons', z.strictObject({ ...paging, created: range.optional() }), (world, input) =>
    page(world.tables.coupons.list(), input, '/v1/coupons'),
  ),
  endpoint('GET', '/v1/coupons/:id', z.strictObject(common), (world, _input, id) => world.tables.coupons.require(id)),
  endpoint('POST', '/v1/coupons/:id', updateInput, updateCoupon),
  endpoint('DELETE', '/v1/coupons/:id', z.strictObject({}), (world, _input, id) => {
    const coupon = world.tables.coupons.require(id);
    world.tables.coupons.remove(id);
    world.emit('coupon.deleted', coupon);
    return { id, object: 'coupon', deleted: true } satisfies Stripe.DeletedCoupon;
  }),
];

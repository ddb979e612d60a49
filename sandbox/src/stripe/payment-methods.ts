import type { Stripe } from 'stripe';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { behaviourOf, brandOf } from './cards.ts';
import type { CardInput } from './cards.ts';
import { requireCustomer } from './customers.ts';
import { invalidRequest } from './errors.ts';
import { page } from './pagination.ts';
import { common, paging, text } from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** Who pays, as typed on a hosted page. */
export interface Payer {
  name: string | null;
  email: string | null;
}

function base(world: World, payer: Payer): Omit<Stripe.PaymentMethod, 'type'> {
  return {
    id: randomId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: payer.email, name: payer.name, phone: null, tax_id: null },
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
  };
}

/** Makes a payment method of a typed card, not attached to anyone yet. */
export function createCardMethod(world: World, card: CardInput, payer: Payer): Stripe.PaymentMethod {
  const brand = brandOf(card.number);
  const method: Stripe.PaymentMethod = {
    ...base(world, payer),
    type: 'card',
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: brand,
      exp_month: card.expMonth,
      exp_year: card.expYear,
      fingerprint: createHash('sha256').update(card.number).digest('hex').slice(0, 16),
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  };
  world.tables.hiddenCards.put({ id: method.id, behaviour: behaviourOf(card.number), setUp: false });
  return world.tables.paymentMethods.put(method);
}

/** Names the bank debit of a currency: payments by it settle days later. Null where the stand-in has none. */
export function bankDebitOf(currency: string): 'us_bank_account' | 'acss_debit' | null {
  if (currency === 'usd') return 'us_bank_account';
  return currency === 'cad' ? 'acss_debit' : null;
}

/** Makes a payment method of a bank account, the same one each time. */
export function createBankMethod(
  world: World,
  type: 'us_bank_account' | 'acss_debit',
  payer: Payer,
): Stripe.PaymentMethod {
  const account = { bank_name: 'STRIPE TEST BANK', fingerprint: 'sandboxbankaccnt', last4: '6789' };
  return world.tables.paymentMethods.put(
    type === 'us_bank_account'
      ? {
          ...base(world, payer),
          type,
          us_bank_account: {
            ...account,
            account_holder_type: 'individual',
            account_type: 'checking',
            financial_connections_account: null,
            networks: { preferred: 'ach', supported: ['ach'] },
            routing_number: '110000000',
            status_details: {},
          },
        }
      : { ...base(world, payer), type, acss_debit: { ...account, institution_number: '000', transit_number: '11000' } },
  );
}

/** Saves a payment method for a customer, who may see it again only if `redisplay` is `always`. */
export function attachMethod(
  world: World,
  method: Stripe.PaymentMethod,
  customerId: string,
  redisplay: 'always' | 'limited',
): Stripe.PaymentMethod {
  const hidden = world.tables.hiddenCards.get(method.id);
  if (hidden) world.tables.hiddenCards.put({ ...hidden, setUp: true });
  if (idOf(method.customer) === customerId) {
    return world.tables.paymentMethods.put({
      ...method,
      allow_redisplay: method.allow_redisplay === 'always' ? 'always' : redisplay,
    });
  }
  const attached = world.tables.paymentMethods.put({ ...method, customer: customerId, allow_redisplay: redisplay });
  world.emit('payment_method.attached', attached);
  return attached;
}

/** Takes a saved payment method from its customer; subscriptions and defaults that used it lose it. */
export function detachMethod(world: World, id: string): Stripe.PaymentMethod {
  const method = world.tables.paymentMethods.require(id);
  const customerId = idOf(method.customer);
  if (!customerId) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.', {
      param: 'payment_method',
    });
  }
  const customer = world.tables.customers.get(customerId);
  if (customer && idOf(customer.invoice_settings.default_payment_method) === id) {
    const settings = { ...customer.invoice_settings, default_payment_method: null };
    world.emit('customer.updated', world.tables.customers.put({ ...customer, invoice_settings: settings }));
  }
  for (const subscription of world.tables.subscriptions.list({ customer: customerId })) {
    if (idOf(subscription.default_payment_method) !== id || subscription.status === 'canceled') continue;
    world.emit(
      'customer.subscription.updated',
      world.tables.subscriptions.put({ ...subscription, default_payment_method: null }),
      { default_payment_method: id },
    );
  }
  const detached = world.tables.paymentMethods.put({ ...method, customer: null });
  world.emit('payment_method.detached', detached, { customer: customerId });
  return detached;
}

/** `/v1/payment_methods…` */
export const paymentMethodEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/payment_methods',
    z.strictObject({ ...paging, customer: text.optional(), type: text.optional() }),
    (world, input) => {
      // Without a customer the real API lists the account's own methods, of which there are none.
      if (input.customer === undefined) return page([] as Stripe.PaymentMethod[], input, '/v1/payment_methods');
      requireCustomer(world, input.customer);
      const methods = world.tables.paymentMethods.list({ customer: input.customer });
      return page(
        methods.filter((it) => !input.type || it.type === input.type),
        input,
        '/v1/payment_methods',
      );
    },
  ),
  endpoint('GET', '/v1/payment_methods/:id', z.strictObject(common), (world, _input, id) =>
    world.tables.paymentMethods.require(id),
  ),
  endpoint('POST', '/v1/payment_methods/:id/detach', z.strictObject(common), (world, _input, id) =>
    detachMethod(world, id),
  ),
];

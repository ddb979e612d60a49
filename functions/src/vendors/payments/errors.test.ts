import { inspect } from 'node:util';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/errors.ts';
import { isMissing, paymentError } from './errors.ts';

const { errors } = Stripe;
const raw = (extra: object) => ({ message: 'No such thing for ada@example.com', ...extra }) as never;

describe('paymentError', () => {
  it.each([
    ['a declined card', 'payment.refused', new errors.StripeCardError(raw({ statusCode: 402, code: 'card_declined' }))],
    ['a failed connection', 'vendor.unavailable', new errors.StripeConnectionError(raw({}))],
    ['a rate limit', 'vendor.unavailable', new errors.StripeRateLimitError(raw({ statusCode: 429 }))],
    ['a server error', 'vendor.unavailable', new errors.StripeAPIError(raw({ statusCode: 500 }))],
    ['a page of HTML', 'vendor.unavailable', new errors.StripeAPIError(raw({}))],
    ['a key in use by another attempt', 'vendor.unavailable', new errors.StripeAPIError(raw({ statusCode: 409 }))],
    ['wrong credentials', 'vendor.unavailable', new errors.StripeAuthenticationError(raw({ statusCode: 401 }))],
    ['a missing permission', 'vendor.unavailable', new errors.StripePermissionError(raw({ statusCode: 403 }))],
    ['a bad parameter', 'vendor.refused', new errors.StripeInvalidRequestError(raw({ statusCode: 400 }))],
    ['a key used for something else', 'vendor.refused', new errors.StripeIdempotencyError(raw({ statusCode: 400 }))],
    ['what is no error of Stripe', 'vendor.refused', new TypeError('ada@example.com')],
    ['what is no error at all', 'vendor.refused', 'ada@example.com'],
  ])('turns %s into %s', (_, code, error) => {
    const mapped = paymentError('create refund', error);
    expect(mapped.code).toBe(code);
    expect(mapped.message).toContain('Stripe create refund');
    expect(inspect(mapped, { depth: 10 })).not.toContain('ada@example.com');
  });

  it('tells an operator what to look for in the dashboard', () => {
    const error = new errors.StripeInvalidRequestError(
      raw({ statusCode: 400, code: 'parameter_unknown', param: 'colour', requestId: 'req_1' }),
    );
    expect(paymentError('create refund', error).message).toBe(
      'Stripe create refund: StripeInvalidRequestError, status 400, code parameter_unknown, param colour, request req_1',
    );
  });

  it('leaves an error that is ours already as it is', () => {
    const ours = new CodedError('vendor.refused', 'in yen');
    expect(paymentError('read charge', ours)).toBe(ours);
  });
});

describe('isMissing', () => {
  it('is true for what this account does not have, and for nothing else', () => {
    expect(isMissing(new errors.StripeInvalidRequestError(raw({ statusCode: 404, code: 'resource_missing' })))).toBe(
      true,
    );
    expect(isMissing(new errors.StripeInvalidRequestError(raw({ statusCode: 404 })))).toBe(false);
    expect(isMissing(new errors.StripeAPIError(raw({ statusCode: 500, code: 'resource_missing' })))).toBe(false);
    expect(isMissing(new Error('resource_missing'))).toBe(false);
  });
});

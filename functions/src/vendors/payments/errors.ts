import { CodedError } from '../../shared/errors.ts';
import { failureOfStatus, safeCause, vendorError } from '../failure.ts';

/** What we read of the SDK's StripeError; told by its shape, so that nobody loads the SDK to look at an error. */
interface StripeFailure extends Error {
  type: string;
  statusCode?: number;
  code?: string;
  decline_code?: string;
  param?: string;
  requestId?: string;
}

function isStripeFailure(error: unknown): error is StripeFailure {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' && error.type.startsWith('Stripe');
}

/** True when Stripe says that there is no such object in our account: another account's ids answer exactly so. */
export function isMissing(error: unknown): boolean {
  return isStripeFailure(error) && error.type === 'StripeInvalidRequestError' && error.code === 'resource_missing';
}

/** True when Stripe says that the id that we chose is taken: what an earlier attempt made stands there. */
export function isTaken(error: unknown): boolean {
  return (
    isStripeFailure(error) && error.type === 'StripeInvalidRequestError' && error.code === 'resource_already_exists'
  );
}

/**
 * Turns what the SDK throws into our error: `payment.refused` for a card, `vendor.unavailable` for what may pass (network,
 * limits, 5xx, answers that are no JSON, credentials that an operator repairs), `vendor.refused` for a request that Stripe
 * will never take. Stripe's sentences are left out because they repeat what was sent; its request id finds them in the
 * dashboard's log. `call` names what was tried.
 */
export function paymentError(call: string, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  if (!isStripeFailure(error)) return vendorError('refused', `Stripe ${call}: the SDK refused the call`, error);
  const message = `Stripe ${call}: ${factsOf(error)}`;
  if (error.type === 'StripeCardError') return new CodedError('payment.refused', message, { cause: safeCause(error) });
  return vendorError(kindOf(error), message, error);
}

function kindOf(error: StripeFailure): 'unavailable' | 'refused' {
  switch (error.type) {
    case 'StripeInvalidRequestError':
    case 'StripeIdempotencyError':
      return 'refused';
    case 'StripeAPIError':
      // A status that the SDK has no class for; none at all is a gateway's page instead of JSON.
      return error.statusCode === undefined ? 'unavailable' : failureOfStatus(error.statusCode);
    default:
      return 'unavailable';
  }
}

function factsOf(error: StripeFailure): string {
  const facts = {
    status: error.statusCode,
    code: error.code,
    decline: error.decline_code,
    param: error.param,
    request: error.requestId,
  };
  const known = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name} ${value}`],
  );
  return [error.type, ...known].join(', ');
}

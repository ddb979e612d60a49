import type { Stripe } from 'stripe';

/** The body of an error as the real API writes it: `{ error: { type, code, message, param } }`. */
export interface StripeErrorBody {
  error: {
    type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
    message: string;
    code?: string;
    param?: string;
    decline_code?: string;
    payment_intent?: Stripe.PaymentIntent;
    doc_url?: string;
  };
}

/** Thrown by handlers to refuse a request; the API answers `status` with `body`, and nothing that was written stays. */
export class StripeFailure extends Error {
  readonly status: number;
  readonly body: StripeErrorBody;

  constructor(status: number, error: StripeErrorBody['error']) {
    super(error.message);
    this.status = status;
    const docUrl = error.code
      ? { doc_url: `https://stripe.com/docs/error-codes/${error.code.replaceAll('_', '-')}` }
      : {};
    this.body = { error: { ...docUrl, ...error } };
  }
}

/** Refuses a request that the real API would refuse, with a 400; `code` and `param` only where the real one has them. */
export function invalidRequest(message: string, details: { code?: string; param?: string } = {}): StripeFailure {
  return new StripeFailure(400, { type: 'invalid_request_error', message, ...details });
}

/** Says that a required parameter is missing. */
export function parameterMissing(param: string): StripeFailure {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** Says that a parameter does not exist. */
export function parameterUnknown(param: string): StripeFailure {
  return invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
}

/**
 * Says that there is no object of this id. The real API answers 404 when the id is in the path and 400 when it is a parameter,
 * so `param` decides.
 */
export function resourceMissing(label: string, id: string, param = 'id'): StripeFailure {
  return new StripeFailure(param === 'id' ? 404 : 400, {
    type: 'invalid_request_error',
    message: `No such ${label}: '${id}'`,
    code: 'resource_missing',
    param,
  });
}

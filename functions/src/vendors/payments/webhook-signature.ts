import { createHmac, timingSafeEqual } from 'node:crypto';
import { CodedError } from '../../shared/errors.ts';
import type { PaymentEvent } from './port.ts';

/**
 * Verifies Stripe's webhooks with node:crypto alone (https://docs.stripe.com/webhooks/signature): the function that takes
 * webhooks must start fast and needs nothing else of the SDK. Property tests hold it against the SDK's own signer.
 */
export interface WebhookInput {
  /** The body byte for byte as it came; parsed and written again it would no longer match. */
  rawBody: Buffer;
  /** The header `Stripe-Signature`. */
  signature: string | undefined;
  /** `whsec_…`; several, separated by commas or blanks, while a secret is being rotated. */
  secrets: string;
  now: Date;
}

/** An older signature may be a recording that somebody plays back. Stripe signs each retry anew, so 5 minutes suffice. */
const toleranceSeconds = 300;

/**
 * Returns the event when one of the signatures is that of one of the secrets and not older than five minutes. Throws
 * `webhook.signature_invalid` otherwise, `request.invalid` for a signed body that is no event, and `internal` when there is
 * no secret: nothing is ever accepted unsigned, and Stripe sends again after the operator has set one.
 */
export function verifyPaymentEvent(input: WebhookInput): PaymentEvent {
  const secrets = input.secrets.split(/[\s,]+/).filter((secret) => secret !== '');
  if (secrets.length === 0)
    throw new CodedError('internal', 'STRIPE_WEBHOOK_SECRET is empty: set the whsec_… of the endpoint');
  const { timestamp, signatures } = parseHeader(input.signature ?? '');
  if (timestamp === null || signatures.length === 0) {
    throw invalid('the header Stripe-Signature is missing or holds no t= and v1=');
  }
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), input.rawBody]);
  // Every pair is compared, so that the time taken tells nothing about which one matched.
  const matches = secrets.flatMap((secret) => {
    const expected = createHmac('sha256', secret).update(signed).digest();
    return signatures.filter((signature) => isEqual(signature, expected));
  });
  if (matches.length === 0)
    throw invalid('no signature matches the body: wrong secret, or the body was changed on its way');
  const ageSeconds = Math.floor(input.now.getTime() / 1000) - Number(timestamp);
  if (ageSeconds > toleranceSeconds)
    throw invalid(`the signature is ${ageSeconds} s old, at most ${toleranceSeconds} s pass`);
  // One from the future would stay good until then: its recording could be played back for as long.
  if (ageSeconds < -toleranceSeconds) throw invalid(`the signature is from ${-ageSeconds} s ahead`);
  return readEvent(input.rawBody);
}

function parseHeader(header: string): { timestamp: string | null; signatures: string[] } {
  const fields = header.split(',').map((field) => field.trim().split('='));
  const valuesOf = (name: string) => fields.filter(([key]) => key === name).map(([, value]) => value ?? '');
  const timestamp = valuesOf('t').at(-1) ?? '';
  return {
    timestamp: /^\d{1,12}$/.test(timestamp) ? timestamp : null,
    signatures: valuesOf('v1').filter((value) => /^[\da-f]{64}$/.test(value)),
  };
}

function isEqual(signatureHex: string, expected: Buffer): boolean {
  return timingSafeEqual(Buffer.from(signatureHex, 'hex'), expected);
}

/**
 * Reads what we use of an event. Its object is not read beyond the id: whoever handles the event fetches the present truth. An id that
 * no object of ours could have (products and coupons may be named anyhow) counts as none.
 */
function readEvent(rawBody: Buffer): PaymentEvent {
  const event = objectOf(parse(rawBody));
  const { id, type, created, account } = event;
  if (typeof id !== 'string' || !/^[\w-]{1,255}$/.test(id)) throw noEvent('id');
  if (typeof type !== 'string' || !/^[\w.]{1,255}$/.test(type)) throw noEvent('type');
  // Thin events (v2) carry an ISO time, the others epoch seconds.
  const createdAt = typeof created === 'string' ? new Date(created) : new Date(Number(created) * 1000);
  // What lies outside of this no database keeps, and no event is from then.
  if (!(createdAt.getTime() >= 0 && createdAt.getFullYear() < 10_000)) throw noEvent('created');
  const objectId = objectOf(objectOf(event['data'])['object'])['id'];
  return {
    id,
    type,
    createdAt,
    objectId: typeof objectId === 'string' && /^[\x21-\x7e]{1,255}$/.test(objectId) ? objectId : null,
    account: typeof account === 'string' ? account : null,
  };
}

function noEvent(field: string): CodedError {
  return new CodedError(
    'request.invalid',
    `the signed body of a webhook is no event: ${field} is missing or malformed`,
    {
      fields: [{ field, problem: 'is missing or malformed' }],
    },
  );
}

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function invalid(why: string): CodedError {
  return new CodedError('webhook.signature_invalid', `Stripe webhook refused: ${why}`, {
    fields: [{ field: 'Stripe-Signature', problem: why }],
  });
}

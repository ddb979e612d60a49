import fc from 'fast-check';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/errors.ts';
import { verifyPaymentEvent } from './webhook-signature.ts';

const { webhooks } = new Stripe('sk_test_unit');
const secret = 'whsec_unit';
const now = new Date('2026-11-20T10:00:00Z');
const nowSeconds = now.getTime() / 1000;
const event = {
  id: 'evt_1',
  type: 'checkout.session.completed',
  created: nowSeconds - 2,
  data: { object: { id: 'cs_1', object: 'checkout.session' } },
};
const payload = JSON.stringify(event, null, 2);

function sign(body: string, options: { secret?: string; timestamp?: number } = {}): string {
  return webhooks.generateTestHeaderString({ payload: body, secret, timestamp: nowSeconds, ...options });
}

function verify(input: { body?: string | Buffer; signature?: string | undefined; secrets?: string; now?: Date } = {}) {
  const rawBody = Buffer.from(input.body ?? payload);
  const signature = 'signature' in input ? input.signature : sign(rawBody.toString());
  return verifyPaymentEvent({ rawBody, signature, secrets: input.secrets ?? secret, now: input.now ?? now });
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('an event that Stripe signed', () => {
  it('is accepted, and read no further than its ids', () => {
    expect(verify()).toEqual({
      id: 'evt_1',
      type: 'checkout.session.completed',
      createdAt: new Date((nowSeconds - 2) * 1000),
      objectId: 'cs_1',
      account: null,
    });
  });

  it('names the connected account that it belongs to', () => {
    expect(verify({ body: JSON.stringify({ ...event, account: 'acct_1' }) }).account).toBe('acct_1');
  });

  it('may be about something without an id, or be thin', () => {
    expect(
      verify({ body: '{"id":"evt_1","type":"balance.available","created":1,"data":{"object":{}}}' }).objectId,
    ).toBeNull();
    const thin = verify({ body: '{"id":"evt_1","type":"v2.core.x","created":"2026-11-20T09:59:00.000Z"}' });
    expect(thin).toMatchObject({ objectId: null, createdAt: new Date('2026-11-20T09:59:00Z') });
  });

  it('is accepted with any secret and body that the SDK signs with', () => {
    const secretText = fc.stringMatching(/^whsec_[\dA-Za-z+/=]{1,40}$/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), secretText, fc.nat(300), (text, key, ageSeconds) => {
        const body = JSON.stringify({ ...event, note: text });
        const signature = sign(body, { secret: key, timestamp: nowSeconds - ageSeconds });
        expect(verify({ body, signature, secrets: key }).id).toBe('evt_1');
      }),
    );
  });

  it('is accepted while its secret is being rotated, on either side', () => {
    const old = sign(payload, { secret: 'whsec_old' });
    const both = `${old},${sign(payload).split(',')[1] ?? ''}`;
    expect(codeOf(() => verify({ signature: old, secrets: 'whsec_new, whsec_old' }))).toBe('accepted');
    expect(codeOf(() => verify({ signature: both, secrets: secret }))).toBe('accepted');
    expect(codeOf(() => verify({ signature: `${sign(payload)},v0=00` }))).toBe('accepted');
  });
});

describe('anything else', () => {
  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a header without a signature', `t=${nowSeconds}`],
    ['a header without a time', sign(payload).replace(/^t=\d+,/, '')],
    ['a time that is no number', sign(payload).replace(/^t=\d+/, 't=x')],
    ['another scheme', sign(payload).replace('v1=', 'v0=')],
    ['a signature that is no hex', `t=${nowSeconds},v1=${'z'.repeat(64)}`],
    ['a signature cut short', sign(payload).slice(0, -2)],
    ['another secret', sign(payload, { secret: 'whsec_other' })],
    ['another time than was signed', sign(payload).replace(/^t=\d+/, `t=${nowSeconds - 1}`)],
  ])('is refused: %s', (_, signature) => {
    expect(codeOf(() => verify({ signature }))).toBe('webhook.signature_invalid');
  });

  it('is refused: a signature that is older than five minutes, as the SDK refuses it', () => {
    const signature = sign(payload, { timestamp: nowSeconds - 301 });
    expect(codeOf(() => verify({ signature }))).toBe('webhook.signature_invalid');
    expect(codeOf(() => verify({ signature: sign(payload, { timestamp: nowSeconds - 300 }) }))).toBe('accepted');
    expect(() => webhooks.constructEvent(payload, signature, secret, 300, undefined, now.getTime())).toThrow();
  });

  it('is refused: a signature from more than five minutes ahead, which could be played back until then', () => {
    expect(codeOf(() => verify({ signature: sign(payload, { timestamp: nowSeconds + 301 }) }))).toBe(
      'webhook.signature_invalid',
    );
    expect(codeOf(() => verify({ signature: sign(payload, { timestamp: nowSeconds + 300 }) }))).toBe('accepted');
  });

  it('is refused: a body whose white space was changed, though it means the same', () => {
    const signature = sign(payload);
    for (const body of [JSON.stringify(event), `${payload}\n`, ` ${payload}`, payload.replaceAll('\n', '\r\n')]) {
      expect(codeOf(() => verify({ body, signature }))).toBe('webhook.signature_invalid');
    }
  });

  it('is refused: two signatures of which neither is good, or whose time is not the one that was signed', () => {
    const [bad, good] = [sign(payload, { secret: 'whsec_other' }), sign(payload)];
    const v1 = (header: string) => header.split(',')[1] ?? '';
    expect(codeOf(() => verify({ signature: `${bad},${v1(sign('other'))}` }))).toBe('webhook.signature_invalid');
    expect(codeOf(() => verify({ signature: `${good},t=${nowSeconds - 1}` }))).toBe('webhook.signature_invalid');
  });

  it('is refused: a body in which any one bit was changed', () => {
    const signature = sign(payload);
    fc.assert(
      fc.property(fc.nat(payload.length * 8 - 1), (bit) => {
        const body = Buffer.from(payload);
        body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(codeOf(() => verify({ body, signature }))).toBe('webhook.signature_invalid');
      }),
    );
  });

  it('is refused: any header that nobody signed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `t=${nowSeconds},v1=${text}`),
        ),
        (signature) => {
          expect(codeOf(() => verify({ signature }))).toBe('webhook.signature_invalid');
        },
      ),
    );
  });

  it('is refused: everything, while no secret is set', () => {
    expect(codeOf(() => verify({ secrets: ' , ', signature: sign(payload, { secret: ' ' }) }))).toBe('internal');
  });

  it('is refused: a signed body that is no event', () => {
    for (const body of ['no json', '[]', 'null', '{"id":1}', '{"id":"evt_1"}']) {
      expect(codeOf(() => verify({ body }))).toBe('request.invalid');
    }
  });

  it('tells in the error neither the secret nor the body', () => {
    expect(() => verify({ signature: sign('other') })).toThrow(/^(?!.*(whsec|cs_1)).*$/);
  });
});

import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minor } from '../../shared/money.ts';
import type { Quote } from '../../domain/pricing/quote.ts';
import { encodeQuote } from '../../domain/pricing/quote.ts';
import { parseQuoteKeys, type QuoteKey } from './quote-keys.ts';
import { signQuote } from './sign-quote.ts';
import { verifyQuote } from './verify-quote.ts';

const now = new Date('2026-11-23T10:00:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const keyOf = (kid: string): QuoteKey => ({ kid, secret: new Uint8Array(randomBytes(32)) });
const [old, current, stranger] = [keyOf('old'), keyOf('current'), keyOf('current')];

const products = ['network_vpn', 'network_security', 'network_optimization', 'network_monitoring', 'network_priority'];
const quote: Quote = {
  catalogVersion: 1,
  currency: 'USD',
  country: 'CA',
  membershipId: 'full_membership',
  promotionCode: 'WELCOME2026',
  lines: products.map((productId) => ({
    productId,
    cycle: 'monthly',
    quantity: 1,
    unit: minor('USD', 800n),
    discount: minor('USD', 120n),
    renewalDiscount: minor('USD', 120n),
  })),
  discount: { kind: 'bundle', id: 'network_bundle', basisPoints: 1500 },
  renewalDiscount: { kind: 'bundle', id: 'network_bundle', basisPoints: 1500 },
  issuedAt: now,
  expiresAt: later(30),
};

/** A token made by hand, as somebody would who wants to get past the check. */
function forge(head: object, claims: unknown, secret: Uint8Array | null): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(head)}.${part(claims)}`;
  return `${signed}.${secret === null ? '' : createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const altered = { code: 'quote.altered' };
const head = { alg: 'HS256', typ: 'dotm-quote+jwt', kid: 'current' };

describe('the token of a quote', () => {
  it('gives back the quote, and is compact: five lines in less than 1 500 characters', async () => {
    const token = await signQuote([current], quote);
    expect(await verifyQuote([current], token, later(29))).toEqual(quote);
    expect(token.length).toBeLessThan(1_500);
    expect(token).toMatch(/^[A-Za-z0-9_.-]+$/);
  });

  it('is the same bytes for the same quote', async () => {
    expect(await signQuote([current], quote)).toBe(await signQuote([current], quote));
  });

  it('made with an old key is read as long as that key is kept, and no longer', async () => {
    const token = await signQuote([old], quote);
    expect(await verifyQuote([current, old], token, now)).toEqual(quote);
    await expect(verifyQuote([current], token, now)).rejects.toMatchObject(altered);
  });

  it('is signed with the first key', async () => {
    const token = await signQuote([current, old], quote);
    expect(await verifyQuote([current], token, now)).toEqual(quote);
  });

  it('is refused when its time is over, and still read by who wants to know what it was', async () => {
    const token = await signQuote([current], quote);
    await expect(verifyQuote([current], token, later(30))).rejects.toMatchObject({ code: 'quote.expired' });
    expect(await verifyQuote([current], token, later(300), { evenExpired: true })).toEqual(quote);
  });

  it('is refused with any one byte changed, however it is changed', async () => {
    const token = await signQuote([current], quote);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...letters), async (at, letter) => {
        fc.pre(token[at] !== letter);
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        await expect(verifyQuote([current], changed, now)).rejects.toMatchObject(altered);
      }),
      { numRuns: 400 },
    );
    for (const letter of letters) {
      if (token.endsWith(letter)) continue;
      await expect(verifyQuote([current], token.slice(0, -1) + letter, now)).rejects.toMatchObject(altered);
    }
  });

  it('is refused with anything left out or added', async () => {
    const token = await signQuote([current], quote);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 3 }), async (at, more) => {
        const cut = token.slice(0, at) + token.slice(at + 1);
        const grown = token.slice(0, at) + more + token.slice(at);
        await expect(verifyQuote([current], cut, now)).rejects.toMatchObject(altered);
        await expect(verifyQuote([current], grown, now)).rejects.toMatchObject(altered);
      }),
    );
  });

  it('made by hand with the right key is read: what follows fails for its own reason', async () => {
    expect(await verifyQuote([current], forge(head, encodeQuote(quote), current.secret), now)).toEqual(quote);
  });

  it.each([
    ['a key of another who uses our key id', head, encodeQuote(quote), stranger.secret],
    ['a key id that nobody knows', { ...head, kid: 'other' }, encodeQuote(quote), current.secret],
    ['no key id', { alg: head.alg, typ: head.typ }, encodeQuote(quote), current.secret],
    ['no signature at all', { ...head, alg: 'none' }, encodeQuote(quote), null],
    ['another algorithm', { ...head, alg: 'HS384' }, encodeQuote(quote), current.secret],
    ['an algorithm with two keys', { ...head, alg: 'RS256' }, encodeQuote(quote), current.secret],
    ['another kind of token', { ...head, typ: 'JWT' }, encodeQuote(quote), current.secret],
    [
      'something critical that we don’t know',
      { ...head, crit: ['b64'], b64: false },
      encodeQuote(quote),
      current.secret,
    ],
    ['content that is no quote', head, { sub: 'somebody' }, current.secret],
    ['an issue in the future', head, { ...encodeQuote(quote), iat: later(5).getTime() / 1000 }, current.secret],
  ])('is refused with %s', async (_what, forgedHead, claims, secret) => {
    await expect(verifyQuote([current], forge(forgedHead, claims, secret), now)).rejects.toMatchObject(altered);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'quote'],
    ['dots', '..'],
    ['far too much', 'a'.repeat(100_000)],
  ])('is not read out of %s', async (_what, text) => {
    await expect(verifyQuote([current], text, now)).rejects.toMatchObject(altered);
  });
});

describe('the keys of quotes', () => {
  const key = randomBytes(32).toString('base64url');

  it('are read in their order', () => {
    const keys = parseQuoteKeys(JSON.stringify({ k2: key, k1: key }));
    expect(keys.map(({ kid }) => kid)).toEqual(['k2', 'k1']);
    expect(keys[0].secret).toHaveLength(32);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', key],
    ['a list', `["${key}"]`],
    ['no key', '{}'],
    ['a number for a name, which would lose its place', `{"2":"${key}"}`],
    ['a key that is too short', `{"k1":"${key.slice(0, 40)}"}`],
    ['a key that is no base64url', `{"k1":"${'+'.repeat(43)}"}`],
    ['a key that is no text', '{"k1":1}'],
  ])('are refused: %s; and the message holds no key', (_what, text) => {
    let message = '';
    try {
      parseQuoteKeys(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/QUOTE_KEYS/);
    expect(message).not.toContain(key.slice(0, 20));
  });
});

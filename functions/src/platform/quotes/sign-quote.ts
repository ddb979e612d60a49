import { SignJWT } from 'jose';
import { encodeQuote, type Quote } from '../../domain/pricing/quote.ts';
import type { QuoteKey } from './quote-keys.ts';

/** Says what the token is, so that no other token of the same key is ever taken for a quote. */
export const quoteTokenType = 'dotm-quote+jwt';
export const quoteAlgorithm = 'HS256';

/** Signs a quote with the first of the keys: a compact JWS, about 500 characters for two lines. */
export function signQuote(keys: readonly [QuoteKey, ...QuoteKey[]], quote: Quote): Promise<string> {
  const [{ kid, secret }] = keys;
  return new SignJWT({ ...encodeQuote(quote) })
    .setProtectedHeader({ alg: quoteAlgorithm, typ: quoteTokenType, kid })
    .sign(secret);
}

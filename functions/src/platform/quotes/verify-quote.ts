import { base64url, compactVerify, errors, type CompactVerifyResult } from 'jose';
import { decodeQuote, type Quote } from '../../domain/pricing/quote.ts';
import { CodedError } from '../../shared/errors.ts';
import type { QuoteKey } from './quote-keys.ts';
import { quoteAlgorithm, quoteTokenType } from './sign-quote.ts';

/** Longer than any quote of ours (20 lines come to about 1 800 characters); what is longer is not even read. */
const longest = 4096;
/** By how much the clocks of two instances may differ. */
const toleranceMs = 60_000;

/**
 * Reads a quote out of its token. Throws `quote.altered` for anything that one of `keys` did not sign just so, and `quote.expired` for one
 * whose time is over, unless `evenExpired` asks for it all the same.
 */
export async function verifyQuote(
  keys: readonly QuoteKey[],
  token: string,
  now: Date,
  options: { evenExpired?: boolean } = {},
): Promise<Quote> {
  const quote = decodeQuote(await readClaims(keys, token));
  if (!quote) throw altered('its content is no quote');
  if (quote.issuedAt.getTime() > now.getTime() + toleranceMs) throw altered('it comes from the future');
  if (quote.expiresAt <= now && options.evenExpired !== true) {
    throw new CodedError('quote.expired', `the quote was good until ${quote.expiresAt.toISOString()}`);
  }
  return quote;
}

async function readClaims(keys: readonly QuoteKey[], token: string): Promise<unknown> {
  if (token.length > longest) throw altered('it is too long');
  const { payload, protectedHeader } = await verifySignature(keys, token);
  if (protectedHeader.typ !== quoteTokenType) throw altered('it is a token of another kind');
  // The last letter of a signature has bits that decode to nothing: two spellings would be one quote.
  const signature = token.slice(token.lastIndexOf('.') + 1);
  if (base64url.encode(base64url.decode(signature)) !== signature) throw altered('its signature is spelt wrong');
  try {
    return JSON.parse(new TextDecoder().decode(payload)) as unknown;
  } catch (cause) {
    throw altered('its content is no JSON', cause);
  }
}

async function verifySignature(keys: readonly QuoteKey[], token: string): Promise<CompactVerifyResult> {
  try {
    return await compactVerify(
      token,
      ({ kid }) => {
        const key = keys.find((candidate) => candidate.kid === kid);
        if (!key) throw new errors.JWSSignatureVerificationFailed('no key of that id');
        return key.secret;
      },
      { algorithms: [quoteAlgorithm] },
    );
  } catch (cause) {
    throw altered('no key of ours signed it', cause);
  }
}

function altered(why: string, cause?: unknown): CodedError {
  return new CodedError('quote.altered', `the quote can't be taken: ${why}`, cause === undefined ? {} : { cause });
}

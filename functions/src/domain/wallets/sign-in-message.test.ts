import { ParsedMessage } from '@spruceid/siwe-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksummed, type Address } from './address.ts';
import { writeSignInMessage, type SignInRequest } from './sign-in-message.ts';

const request: SignInRequest = {
  appUrl: 'https://app.dotm.example',
  address: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
  statement: 'Link this wallet to my DOTM account.',
  chainId: 11155111,
  nonce: '32891756abcdef',
  issuedAt: new Date('2026-11-23T08:00:00.000Z'),
  expiresAt: new Date('2026-11-23T08:10:00.000Z'),
  requestId: 'req_01jd9z3k4m5n6p7q8r9s0t1v2w',
};

describe('the message that a member signs', () => {
  it('is, to the letter, what the standard asks for', () => {
    expect(writeSignInMessage(request)).toBe(
      `app.dotm.example wants you to sign in with your Ethereum account:
0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed

Link this wallet to my DOTM account.

URI: https://app.dotm.example
Version: 1
Chain ID: 11155111
Nonce: 32891756abcdef
Issued At: 2026-11-23T08:00:00.000Z
Expiration Time: 2026-11-23T08:10:00.000Z
Request ID: req_01jd9z3k4m5n6p7q8r9s0t1v2w`,
    );
  });

  it('is read by the parser of the standard as what it was written from, whatever that was', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9 .,:;!()]{1,80}$/);
    fc.assert(
      fc.property(
        fc.record({
          appUrl: fc.constantFrom('https://app.dotm.example', 'http://127.0.0.1:5000', 'https://dotm.example:8443'),
          address: fc
            .uint8Array({ minLength: 20, maxLength: 20 })
            .map((bytes): Address => `0x${Buffer.from(bytes).toString('hex')}`),
          statement: plain,
          chainId: fc.integer({ min: 1, max: 2 ** 31 }),
          nonce: fc.stringMatching(/^[a-f0-9]{32}$/),
          issuedAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
          expiresAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
          requestId: fc.stringMatching(/^req_[0-9a-hjkmnp-tv-z]{26}$/),
        }),
        (made) => {
          const parsed = new ParsedMessage(writeSignInMessage(made));
          const host = new URL(made.appUrl).host;
          expect({ ...parsed }).toMatchObject({
            domain: host,
            address: checksummed(made.address),
            statement: made.statement,
            uri: made.appUrl,
            version: '1',
            chainId: made.chainId,
            nonce: made.nonce,
            issuedAt: made.issuedAt.toISOString(),
            expirationTime: made.expiresAt.toISOString(),
            requestId: made.requestId,
          });
        },
      ),
    );
  });

  it.each([
    ['a statement of two lines, which could pretend to be the fields below it', { statement: 'Fine\nNonce: other' }],
    ['a statement with letters that the standard does not have', { statement: 'Relier ce portefeuille à mon compte' }],
    ['an empty statement', { statement: '' }],
    ['a nonce that can be guessed', { nonce: '1234567' }],
    ['a nonce with other characters', { nonce: '12345678\nx' }],
    ['a chain that is no whole number', { chainId: 1.5 }],
    ['no chain', { chainId: 0 }],
    ['no address of the web app', { appUrl: '' }],
  ])('is not written with %s', (_what, change) => {
    expect(() => writeSignInMessage({ ...request, ...change })).toThrow();
  });
});

import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOfStatus, redact, safeCause, vendorError } from './failure.ts';

describe('failureOfStatus', () => {
  it.each([200, 302, 401, 403, 408, 409, 425, 429, 500, 502, 503, 504, 599])('a %i may pass later', (status) => {
    expect(failureOfStatus(status)).toBe('unavailable');
  });

  it.each([400, 402, 404, 405, 410, 413, 422])('a %i is for good', (status) => {
    expect(failureOfStatus(status)).toBe('refused');
  });
});

describe('redact', () => {
  it.each([
    ['no customer ada@example.com here', 'no customer [address] here'],
    ['number +1 (212) 555-0123 is taken', 'number [number] is taken'],
    ['sim 8910650000000000427F', 'sim [number]'],
    ['code LPA:1$consumer.e-sim.global$OX000000000000000000000', 'code [activation code]'],
    ['key sk_live_abcDEF', 'key [key]'],
    ['header Basic ZG90bTp0b2tlbg==', 'header [key]'],
    ['Invalid parameters', 'Invalid parameters'],
  ])('makes %j safe', (text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it('leaves no address, no activation code and no run of seven digits in any text', () => {
    const secret = fc.oneof(
      fc.emailAddress(),
      fc.stringMatching(/^(LPA:)?1\$[a-z.]{3,20}\$[A-Z\d]{1,30}$/),
      fc.stringMatching(/^\+?\d{7,20}F?$/),
    );
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, hidden, after) => {
        const safe = redact(`${before} ${hidden} ${after}`);
        expect(safe).not.toContain(hidden);
        expect(safe).not.toMatch(/@|1\$|\d{7}/);
        expect(safe.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('vendorError', () => {
  it('shows nothing of an SDK’s error but its name, code and stack frames', () => {
    const cause = Object.assign(new TypeError('failed for ada@example.com\nwith sk_live_secret'), {
      code: 'ECONNRESET',
      config: { headers: { authorization: 'Bearer sk_live_secret' } },
      cause: new Error('ada@example.com'),
    });
    const shown = inspect(vendorError('unavailable', 'Vendor GET /things: failed', cause), { depth: 10 });
    expect(shown).not.toMatch(/ada@example|sk_live/);
    expect(shown).toContain('TypeError ECONNRESET');
    expect(shown).toContain('failure.test.ts');
  });

  it('survives a cause that is no error', () => {
    expect(safeCause('ada@example.com').message).toBe('a thrown string');
    expect(safeCause(undefined).message).toBe('a thrown undefined');
  });
});

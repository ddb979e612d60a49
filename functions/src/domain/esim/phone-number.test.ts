import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayPhoneNumber, toE164 } from './phone-number.ts';

describe('toE164', () => {
  it.each([
    ['+12125550123', 'US'],
    ['12125550123', 'US'],
    ['2125550123', 'US'],
    ['(212) 555-0123', 'US'],
    ['+1 212-555-0123', 'MX'],
  ])('reads %s', (text, country) => {
    expect(toE164(text, country)).toBe('+12125550123');
  });

  it('reads a number of another country by its own rules', () => {
    expect(toE164('55 1234 5678', 'MX')).toBe('+525512345678');
  });

  it.each(['', '911', '555-0123', 'pending', '+0123456789', '+1234567890123456', 'tel 2125550123 x'])(
    'refuses %j',
    (text) => {
      expect(toE164(text, 'US')).toBeNull();
    },
  );

  it('keeps every NANP number, however it is grouped', () => {
    const part = (pattern: RegExp) => fc.stringMatching(pattern);
    const number = fc.tuple(part(/^[2-9]\d\d$/), part(/^[2-9]\d\d$/), part(/^\d{4}$/));
    fc.assert(
      fc.property(number, ([area, exchange, line]) => {
        const e164 = `+1${area}${exchange}${line}`;
        for (const text of [
          e164,
          `(${area}) ${exchange}-${line}`,
          `${area}.${exchange}.${line}`,
          `1${area}${exchange}${line}`,
        ]) {
          expect(toE164(text, 'US')).toBe(e164);
        }
      }),
    );
  });

  it('answers E.164 or null, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(toE164(text, 'US') ?? '+12125550123').toMatch(/^\+[1-9]\d{1,14}$/);
      }),
    );
  });
});

describe('displayPhoneNumber', () => {
  it('groups a number as people read it', () => {
    expect(displayPhoneNumber('+12125550123')).toBe('+1 212 555 0123');
  });

  it('shows anything else as it is', () => {
    expect(displayPhoneNumber('pending')).toBe('pending');
  });
});

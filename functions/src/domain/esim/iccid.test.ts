import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayIccid, parseIccid, passesLuhn } from './iccid.ts';

describe('parseIccid', () => {
  it('accepts the golden valid example and refuses the one with a wrong check digit', () => {
    expect(parseIccid('8910650000000000427')).toBe('8910650000000000427');
    expect(parseIccid('8910650000000000428')).toBeNull();
  });

  it('takes one filler off, as the carrier has it on the wire', () => {
    expect(parseIccid('8910650000000000427F')).toBe('8910650000000000427');
    expect(parseIccid('8910650000000000427FF')).toBeNull();
  });

  it.each(['', '89', '8810650000000000427', '891065000000000042', '8910 6500 0000 0000 427', '8910650000000000427\n'])(
    'refuses %j',
    (text) => {
      expect(parseIccid(text)).toBeNull();
    },
  );

  const withCheckDigit = (body: string) => [...'0123456789'].map((digit) => body + digit).filter(passesLuhn);
  const body = fc.stringMatching(/^89\d{16,17}$/);

  it('accepts exactly one check digit for every body of 18 or 19 digits', () => {
    fc.assert(
      fc.property(body, (digits) => {
        const valid = withCheckDigit(digits);
        expect(valid).toHaveLength(1);
        expect(parseIccid(`${valid[0]}F`)).toBe(valid[0]);
      }),
    );
  });

  it('notices every single wrong digit', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, position, by) => {
        const valid = withCheckDigit(digits)[0] ?? '';
        const at = 2 + (position % (valid.length - 2));
        const wrong = (Number(valid[at]) + by) % 10;
        expect(parseIccid(valid.slice(0, at) + wrong + valid.slice(at + 1))).toBeNull();
      }),
    );
  });
});

describe('displayIccid', () => {
  it('shows groups of four without the filler', () => {
    expect(displayIccid('8910650000000000427F')).toBe('8910 6500 0000 0000 427');
  });

  it('shows what is no ICCID as it is', () => {
    expect(displayIccid('pending')).toBe('pending');
  });
});

import { describe, expect, it } from 'vitest';
import { iccidOf, isWireIccid, newActivationCode, newPhoneNumber, passesLuhn } from './formats.ts';

describe('carrier formats', () => {
  it('knows the golden ICCIDs', () => {
    expect(passesLuhn('8910650000000000427')).toBe(true);
    expect(passesLuhn('8910650000000000428')).toBe(false);
  });

  it('makes ICCIDs of 19 digits that pass Luhn, with the filler', () => {
    for (const serial of [1, 2, 42, 999_999, 123_456_789_012]) {
      const iccid = iccidOf(serial);
      expect(iccid).toMatch(/^891065\d{13}F$/);
      expect(isWireIccid(iccid)).toBe(true);
      expect(isWireIccid(iccid.slice(0, -1))).toBe(false);
    }
  });

  it('makes activation codes of the form that was seen, never the same', () => {
    const codes = Array.from({ length: 50 }, newActivationCode);
    for (const code of codes) expect(code).toMatch(/^1\$consumer\.e-sim\.global\$OX\d{21}$/);
    expect(new Set(codes).size).toBe(50);
  });

  it('makes NANP numbers, each another, in the area asked for', () => {
    const numbers = Array.from({ length: 20_000 }, (_, serial) => newPhoneNumber(serial));
    for (const number of numbers) expect(number).toMatch(/^\+1[2-9]\d{2}[2-9](?!11)\d{2}\d{4}$/);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(newPhoneNumber(7, '415')).toMatch(/^\+1415/);
  });
});

import { getAddress } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksummed, isSystemAddress, readAddress, type Address } from './address.ts';

const anyAddress = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes): Address => `0x${Buffer.from(bytes).toString('hex')}`);

describe('addresses', () => {
  it('are written with the checksum that the standard gives as examples', () => {
    for (const example of [
      '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
      '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
      '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
    ]) {
      expect(checksummed(example.toLowerCase() as Address)).toBe(example);
      expect(readAddress(example)).toEqual({ address: example.toLowerCase() });
    }
  });

  it('are written as the library of the sender writes them, whichever they are', () => {
    fc.assert(fc.property(anyAddress, (address) => checksummed(address) === getAddress(address)));
  });

  it('are read back however they were written', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const upper = `0x${address.slice(2).toUpperCase()}`;
        for (const spelling of [address, upper, checksummed(address)])
          expect(readAddress(spelling)).toEqual({ address });
      }),
    );
  });

  it('with one letter in the wrong case are named as a mistake of the checksum, as the library of the sender does', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(39), (address, at) => {
        const good = checksummed(address);
        const letter = good[at + 2] ?? '';
        const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
        const wrong = `${good.slice(0, at + 2)}${other}${good.slice(at + 3)}`;
        let isRefusedElsewhere = false;
        try {
          getAddress(wrong);
        } catch {
          isRefusedElsewhere = true;
        }
        expect(readAddress(wrong)).toEqual(isRefusedElsewhere ? { problem: 'checksum' } : { address });
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['one digit too few', `0x${'a'.repeat(39)}`],
    ['one digit too many', `0x${'a'.repeat(41)}`],
    ['no prefix', 'a'.repeat(40)],
    ['a letter that is no digit', `0x${'g'.repeat(40)}`],
    ['a name', 'ann.eth'],
    ['a line break at the end', `0x${'a'.repeat(40)}\n`],
    ['digits of another script', `0x${'１'.repeat(40)}`],
    // Capital dotted I becomes two characters in lower case, the Kelvin sign a plain k.
    ['letters that change their length in lower case', `0x${'İ'.repeat(20)}`],
    ['the country-coded address of an exchange form', 'XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS'],
  ])('are no addresses: %s', (_what, text) => {
    expect(readAddress(text)).toEqual({ problem: 'form' });
  });

  it('of precompiled contracts and the zero address are known as such, and those of people are not', () => {
    for (const system of ['0', '1', '9', '11', '100', 'ffff'])
      expect(isSystemAddress(`0x${system.padStart(40, '0')}`)).toBe(true);
    expect(isSystemAddress(`0x${'10000'.padStart(40, '0')}`)).toBe(false);
    expect(isSystemAddress('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed')).toBe(false);
  });
});

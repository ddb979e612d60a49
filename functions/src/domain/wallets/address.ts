import { keccak_256 } from '@noble/hashes/sha3.js';

/** An address on an Ethereum chain in lower case, as we keep and compare it: one address, one spelling. */
export type Address = `0x${string}`;

/** Why a text is no address: it has another form, or its capital letters don't match the rest, so that a letter is likely wrong. */
export type AddressProblem = 'form' | 'checksum';

const form = /^0x[0-9a-f]{40}$/;

/**
 * Precompiled contracts live at the lowest addresses (the highest known one is 0x100) and chains add more there. Nobody has a key to any
 * of these, and tokens that are sent there are lost.
 */
const systemAddresses = 0x1_0000n;

/**
 * Reads an address as people write it: `0x` and 40 hexadecimal digits, all in lower case, all in upper case, or in the mixed case that
 * carries a checksum (EIP-55), which then has to be right.
 */
export function readAddress(text: string): { address: Address } | { problem: AddressProblem } {
  const lower = text.toLowerCase();
  if (!form.test(lower)) return { problem: 'form' };
  const address = lower as Address;
  const digits = text.slice(2);
  const hasChecksum = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return hasChecksum && digits !== checksummed(address).slice(2) ? { problem: 'checksum' } : { address };
}

/** Writes an address for people, with the checksum of EIP-55 in its capital letters. */
export function checksummed(address: Address): Address {
  const digits = address.slice(2);
  const hash = keccak_256(new TextEncoder().encode(digits));
  const written = [...digits].map((digit, at) => {
    const byte = hash[at >> 1] ?? 0;
    const nibble = at % 2 === 0 ? byte >> 4 : byte & 0xf;
    return nibble >= 8 ? digit.toUpperCase() : digit;
  });
  return `0x${written.join('')}`;
}

/** True for the zero address and the addresses that chains keep for themselves. */
export function isSystemAddress(address: Address): boolean {
  return BigInt(address) < systemAddresses;
}

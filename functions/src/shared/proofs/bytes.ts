import { keccak_256 } from '@noble/hashes/sha3.js';

/** Bytes as text: `0x` and two lower-case digits for each byte. */
export type Hex = `0x${string}`;

/** Every sum of a tree stays below this, so that no 32-byte word can ever wrap around. The cap of the token is below 2^84 wei. */
export const sumLimit = 1n << 128n;

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Writes bytes as text. */
export function toHex(bytes: Uint8Array): Hex {
  let text = '';
  for (const byte of bytes) text += digits[byte];
  return `0x${text}`;
}

/** Reads `0x…`. Throws RangeError unless it is an even number of hexadecimal digits after `0x`. */
export function fromHex(text: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) throw new RangeError('bytes are 0x and an even number of digits');
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  return bytes;
}

/** A whole number as 32 bytes, the highest first. Throws RangeError unless 0 <= value < 2^256. */
export function toWord(value: bigint): Uint8Array {
  const word = new Uint8Array(32);
  writeWord(word, 0, value);
  return word;
}

/** Writes a whole number as 32 bytes into `target` at `offset`. Throws RangeError unless 0 <= value < 2^256. */
export function writeWord(target: Uint8Array, offset: number, value: bigint): void {
  if (value < 0n || value >= 1n << 256n) throw new RangeError('a word holds 0 to 2^256 - 1');
  const view = new DataView(target.buffer, target.byteOffset + offset, 32);
  for (let part = 0; part < 4; part += 1) {
    view.setBigUint64(8 * part, (value >> BigInt(64 * (3 - part))) & 0xffff_ffff_ffff_ffffn);
  }
}

/** Puts byte strings one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Keccak-256 of bytes, the hash of Ethereum. */
export function keccak(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** Keccak-256 of a text in UTF-8. */
export function keccakOfText(text: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(text));
}

/** Orders byte strings of one length as unsigned numbers. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

describe('CRC32C', () => {
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
    ['31 to 0', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s is what RFC 3720 and the catalogues of checksums say', (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

// The Castagnoli polynomial, bits reversed.
const POLYNOMIAL = 0x82f63b78;

/** The checksum that Cloud KMS puts beside bytes, as the decimal text that an int64 is in Google's JSON. */
export function crc32cText(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  }
  return String((crc ^ 0xffffffff) >>> 0);
}

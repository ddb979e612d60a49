import readQr from 'jsqr';
import type { Locator } from 'playwright-core';
import { PNG } from 'pngjs';

/** Reads the QR code on a PNG as a camera would; undefined when there is none to read. */
export function readQrFromPng(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  // The package is CommonJS: what it exports by default lies one step deeper.
  return readQr.default(new Uint8ClampedArray(data), width, height)?.data;
}

/** Reads the QR code that a page shows, from its pixels. */
export async function readQrOnScreen(code: Locator): Promise<string | undefined> {
  await code.scrollIntoViewIfNeeded();
  return readQrFromPng(await code.screenshot());
}

import { describe, expect, test } from 'vitest';
import { guessDevice } from './device.ts';
import { readableNumber } from './line-words.ts';
import { qrPath } from './qr-path.ts';

const lpa = 'LPA:1$smdp.example.com$K2-9F3A7C-1QXD44';

describe('the device', () => {
  test.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5, 'iphone'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5, 'iphone'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0, 'other'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9)', 5, 'android'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 0, 'other'],
  ] as const)('of "%s" with %i touch points is %s', (agent, touch, device) => {
    expect(guessDevice(agent, touch)).toBe(device);
  });
});

test('a QR code has its quiet zone of four modules on every side', () => {
  const { size, path } = qrPath(lpa);
  const corners = [...path.matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(Math.min(...corners.flat())).toBe(4);
  expect(Math.max(...corners.flat())).toBe(size - 5);
});

test('North American numbers are grouped for reading, others left as they are', () => {
  expect(readableNumber('+15145550199')).toBe('+1 514 555 0199');
  expect(readableNumber('+33612345678')).toBe('+33612345678');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDevice } from './find-device.ts';
import { conditionWords, readDevices } from './read-devices.ts';

describe('findDevice', () => {
  test.each([
    ['iPhone 15 Pro', 'yes'],
    ['apple iphone 13 promax 256GB', 'yes'],
    ['iphone13', 'yes'],
    ['iPhone XR', 'yes'],
    ['iPhone Air', 'yes'],
    ['iPhone SE (2022)', 'yes'],
    ['iPhone SE 2nd generation', 'yes'],
    ['iPhone SE 2016', 'no'],
    ['iPhone X', 'no'],
    ['iPhone 8 Plus', 'no'],
    ['iPhone 18 Pro', 'yes'],
    ['iPad Air (5th generation)', 'depends'],
    ['Apple Watch Series 9', 'depends'],
    ['Samsung Galaxy S22+', 'yes'],
    ['Galaxy S24 Ultra 512 GB', 'yes'],
    ['Galaxy S20 FE 5G', 'no'],
    ['Galaxy S21 5G', 'depends'],
    ['Galaxy Z Flip 5', 'yes'],
    ['Samsung Galaxy S10', 'no'],
    ['Google Pixel 7a', 'yes'],
    ['Pixel 3', 'depends'],
    ['Pixel 2 XL', 'depends'],
    ['Pixel', 'no'],
    ['Xiaomi 13T Pro', 'depends'],
    ['Huawei P40 Pro+', 'no'],
    ['Huawei P40 Pro', 'depends'],
    ['Fairphone 5', 'yes'],
    ['Sony Xperia 1 V', 'depends'],
    ['Motorola Edge 40 Neo', 'depends'],
    ['OnePlus 12', 'depends'],
  ])('%s: %s', (query, expected) => {
    expect(findDevice(query).kind).toBe(expected);
  });

  test.each(['iPhone', 'iPhone SE', 'Galaxy', 'iPad', 'Samsung Galaxy Tab'])('asks which %s is meant', (query) => {
    const answer = findDevice(query);
    expect(answer.kind).toBe('ambiguous');
    expect(answer.kind === 'ambiguous' && answer.candidates.length).toBeGreaterThan(1);
  });

  test.each(['Nokia 3310', 'iPhone 99', 'Galaxy S222', '', 'x'.repeat(5000), 'constructor', 'Samsung'])(
    'says that it does not know %s',
    (query) => {
      expect(findDevice(query).kind).toBe('unknown');
    },
  );

  test('a typing error gives suggestions with the same numbers', () => {
    const answer = findDevice('iphnoe 15');
    expect(answer.kind === 'unknown' && answer.suggestions.map(({ name }) => name)).toEqual(['Apple iPhone 15']);
  });

  test('whatever depends says on what, in both languages, and where that is known from', () => {
    for (const device of readDevices().values()) {
      expect(device.source).not.toBe('');
      if (device.answer === 'depends') expect(device.conditions, device.name).not.toEqual([]);
      for (const condition of device.conditions) {
        expect(conditionWords(condition, 'en')).not.toBe(conditionWords(condition, 'fr'));
      }
    }
  });

  test('an iPhone of Chinese dual-SIM make is excepted from every yes', () => {
    for (const [key, device] of readDevices()) {
      if (key.startsWith('iphone') && device.answer === 'yes') expect(device.conditions.join()).toContain('china');
    }
  });

  test('no answer holds what was asked', () => {
    fc.assert(
      fc.property(fc.string(), (noise) => {
        expect(JSON.stringify(findDevice(`${noise}~7391`))).not.toContain('7391');
      }),
    );
  });
});

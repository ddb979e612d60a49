import { expect, test } from 'vitest';
import { forgetIntent, intentKey } from './intent.ts';
import type { IntentStore } from './intent.ts';

function tab(): IntentStore {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

const starter = { items: [{ productId: 'esim_starter', quantity: 1 }], currency: 'USD' };
const data = { items: [{ productId: 'global_data_10gb', quantity: 1 }], currency: 'USD' };

test('a retry and a reloaded page carry the key of the first attempt', () => {
  const store = tab();
  expect(intentKey('startCheckout', starter, store)).toBe(intentKey('startCheckout', starter, store));
});

test('another wish, another deed and another tab have keys of their own', () => {
  const store = tab();
  const keys = [
    intentKey('startCheckout', starter, store),
    intentKey('startCheckout', data, store),
    intentKey('cancelOrder', starter, store),
    intentKey('startCheckout', starter, tab()),
  ];
  expect(new Set(keys).size).toBe(4);
});

test('once the outcome is known, the next click is a new intent', () => {
  const store = tab();
  const first = intentKey('startCheckout', starter, store);
  forgetIntent('startCheckout', starter, store);
  expect(intentKey('startCheckout', starter, store)).not.toBe(first);
});

import { expect, test } from 'vitest';
import { parseForm } from './form.ts';

test('nested names become records and arrays', () => {
  expect(
    parseForm('line_items[0][price]=p1&line_items[0][quantity]=2&line_items[1][price]=p2&metadata[a.b]=1&mode=payment'),
  ).toEqual({
    line_items: [{ price: 'p1', quantity: '2' }, { price: 'p2' }],
    metadata: { 'a.b': '1' },
    mode: 'payment',
  });
});

test('empty brackets append, and array positions sort as numbers', () => {
  expect(parseForm('expand[]=a&expand[]=b')).toEqual({ expand: ['a', 'b'] });
  expect(parseForm('k[10]=c&k[2]=b&k[0]=a')).toEqual({ k: ['a', 'b', 'c'] });
});

test('names that mean something to objects are plain names', () => {
  expect(Object.keys(parseForm('__proto__[polluted]=1'))).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

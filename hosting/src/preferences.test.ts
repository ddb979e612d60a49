import { expect, test } from 'vitest';
import { chooseCurrency } from './preferences.ts';

test('Canadian browsers see Canadian prices, others US prices, and a choice beats both', () => {
  expect(chooseCurrency(null, ['fr-CA', 'fr'])).toBe('CAD');
  expect(chooseCurrency(null, ['en-US'])).toBe('USD');
  expect(chooseCurrency('USD', ['en-CA'])).toBe('USD');
  expect(chooseCurrency('pounds', ['en-GB'])).toBe('USD');
});

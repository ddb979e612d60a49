import { expect, test } from 'vitest';
import { behaviourOf, brandOf, readCard } from './cards.ts';

const NOW = Date.UTC(2026, 10, 15) / 1000;
const GOOD = { card: '4242 4242 4242 4242', exp: '12/34', cvc: '123', name: 'Ada' };

test('a well-typed card is read whatever the separators', () => {
  for (const exp of ['12/34', '12 / 34', '1234', '12-2034']) {
    expect(readCard({ ...GOOD, exp }, NOW)).toEqual({
      card: { number: '4242424242424242', expMonth: 12, expYear: 2034, cvc: '123', name: 'Ada' },
    });
  }
});

test('each mistake is named', () => {
  expect(readCard({ ...GOOD, card: '4242 4242 4242 4241' }, NOW)).toEqual({ fault: 'number' });
  expect(readCard({ ...GOOD, exp: '13/34' }, NOW)).toEqual({ fault: 'expiry' });
  expect(readCard({ ...GOOD, exp: '10/26' }, NOW)).toEqual({ fault: 'expired' });
  expect(readCard({ ...GOOD, cvc: '12' }, NOW)).toEqual({ fault: 'cvc' });
});

test('a card is good until the last day of its month', () => {
  expect(readCard({ ...GOOD, exp: '11/26' }, NOW)).toHaveProperty('card');
});

test('a card that is no test card is declined', () => {
  expect(behaviourOf('4929000000006')).toMatchObject({
    kind: 'declines',
    decline: { declineCode: 'test_mode_live_card' },
  });
  expect(behaviourOf('4242424242424242')).toEqual({ kind: 'succeeds' });
});

test('brands are told by the first digits', () => {
  expect(['4242', '5555', '2223', '3782', '6011'].map(brandOf)).toEqual([
    'visa',
    'mastercard',
    'mastercard',
    'amex',
    'discover',
  ]);
});

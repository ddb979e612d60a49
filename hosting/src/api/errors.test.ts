import { expect, test } from 'vitest';
import { textIn } from '../i18n/test-text.ts';
import { ApiError, errorOfAnswer, errorText } from './errors.ts';

test('a member reads the text of the code, never the operator’s message', () => {
  const error = errorOfAnswer(
    409,
    { error: { code: 'order.once_per_person', message: 'esim_starter bought in ord_1' } },
    null,
  );
  expect(errorText(error, textIn('en'))).toBe('You have had this plan. It is one per person.');
  expect(errorText(error, textIn('fr'))).toBe('Vous avez déjà eu ce forfait. C’est un par personne.');
});

test('a failure of our own page has a text too', () => {
  expect(errorText(new TypeError('x is undefined'), textIn('en'))).toBe(
    'Something went wrong on our side. Please try again.',
  );
});

test('a code that this version does not know becomes a plain failure', () => {
  expect(errorOfAnswer(418, { error: { code: 'teapot', message: '' } }, null).code).toBe('internal');
});

test('the table decides what may be tried again', () => {
  expect(new ApiError('vendor.unavailable').retry).toBe(true);
  expect(new ApiError('client.network').retry).toBe(true);
  expect(new ApiError('order.wrong_state').retry).toBe(false);
});

import { expect, test } from 'vitest';
import { textIn } from '../i18n/test-text.ts';
import { authErrorText } from './auth-error.ts';
import { authPath, safeNext } from './next.ts';

const t = textIn('en');

test('a wrong password and an unknown address read the same, so that nobody learns who has an account', () => {
  const texts = ['auth/wrong-password', 'auth/user-not-found', 'auth/invalid-credential'].map((code) =>
    authErrorText({ code }, t),
  );
  expect(new Set(texts)).toEqual(new Set(['E-mail address and password do not match.']));
});

test('closing the Google window is no failure', () => {
  expect(authErrorText({ code: 'auth/popup-closed-by-user' }, t)).toBeNull();
});

test('an unknown failure is told kindly', () => {
  expect(authErrorText({ code: 'auth/some-new-code' }, t)).toBe('That did not work. Please try again.');
  expect(authErrorText(new Error('boom'), t)).toBe('That did not work. Please try again.');
});

test('after signing in a member lands in this app and nowhere else', () => {
  expect(safeNext('/orders/ord_1?checkout=done')).toBe('/orders/ord_1?checkout=done');
  for (const trap of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', null]) {
    expect(safeNext(trap)).toBe('/esim');
  }
});

test('the wish to buy survives the way through sign-up', () => {
  const path = authPath('/sign-up', '/checkout/esim_starter?currency=CAD');
  expect(safeNext(new URLSearchParams(path.split('?')[1]).get('next'))).toBe('/checkout/esim_starter?currency=CAD');
});

import { useSyncExternalStore } from 'react';
import type { Locale } from '../../functions/src/shared/locale.ts';
import { isCurrency } from '../../functions/src/shared/money.ts';
import type { Currency } from '../../functions/src/shared/money.ts';
import { call } from './api/call.ts';
import { accountIsFresh, forgetFreshAccount } from './auth/fresh-account.ts';
import { readStored, writeStored } from './storage.ts';

const currencyKey = 'dotm.currency';

const listeners = new Set<() => void>();
let currency: Currency | null = null;

/**
 * Chooses the currency of prices: what was chosen here, else Canadian dollars for Canadian browsers, else US dollars. Whether anything
 * is sold in it is for the catalogue to say (`useSoldCurrency`).
 */
export function chooseCurrency(stored: string | null, browserLanguages: readonly string[]): Currency {
  if (stored !== null && isCurrency(stored)) return stored;
  return browserLanguages[0]?.toUpperCase().endsWith('-CA') ? 'CAD' : 'USD';
}

function currencyNow(): Currency {
  currency ??= chooseCurrency(readStored(currencyKey), navigator.languages);
  return currency;
}

/** Switches the currency of all prices on this device. */
export function setCurrency(next: Currency): void {
  currency = next;
  writeStored(currencyKey, next);
  listeners.forEach((listener) => listener());
}

/** The currency that was chosen on this device. */
export function useCurrency(): Currency {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currencyNow);
}

let applying: Promise<void> | null = null;

/**
 * Gives a new account the visitor's language and currency, once: the first mail and the payment page then speak the
 * language of the person who is buying. Safe to call from several places; a failure is left for the next call.
 */
export function applyFreshPreferences(locale: Locale): Promise<void> {
  if (!accountIsFresh()) return Promise.resolve();
  applying ??= call('updateAccount', { locale, currency: currencyNow() })
    .then(forgetFreshAccount)
    .finally(() => (applying = null));
  return applying;
}

import { useEffect, useRef } from 'react';
import { call } from '../api/call.ts';
import { accountIsFresh, accountMadeHere } from '../auth/fresh-account.ts';
import { authModule, useSession } from '../auth/session.ts';
import { useLanguage } from '../i18n/language.tsx';
import { localeOf } from '../i18n/messages.ts';
import { useAccount } from '../live/sources.ts';
import { applyFreshPreferences, setCurrency } from '../preferences.ts';

/**
 * Keeps the device and the account of one mind, invisibly: a new account takes over what the visitor was reading in, an old
 * one brings its language and currency to this device; a verified address is noticed when the member comes back to the tab.
 */
export function AccountSync() {
  const session = useSession();
  const account = useAccount();
  const { language, setLanguage } = useLanguage();
  const adopted = useRef(false);
  const locale = localeOf(language);

  useEffect(() => {
    if (adopted.current) return;
    adopted.current = true;
    if (accountIsFresh()) {
      // The checkout tries again; a failure here loses nothing.
      void applyFreshPreferences(locale).catch(() => undefined);
    }
    if (accountIsFresh() || accountMadeHere()) return;
    const asked = new URLSearchParams(location.search).has('lang');
    // The server itself is asked: what Firestore tells, or this device remembers, may be older than the last change.
    call('getAccount', {})
      .then((kept) => {
        setCurrency(kept.currency);
        if (!asked && kept.locale !== locale) void setLanguage(kept.locale);
      })
      // Without an answer the device goes on as it is.
      .catch(() => undefined);
  }, [locale, setLanguage]);

  const unverified = session.status === 'signed-in' && !session.user.emailVerified;
  const refetch = useRef(account.refetch);
  refetch.current = account.refetch;
  useEffect(() => {
    if (!unverified) return;
    function look() {
      if (document.visibilityState !== 'visible' || !navigator.onLine) return;
      void authModule()
        .then((auth) => auth.refreshUser())
        .then((verified) => verified && refetch.current())
        .catch(() => undefined);
    }
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [unverified]);

  return null;
}

/** Set by a sign-up until the new account knows the language and currency that the visitor was reading in. */
const freshKey = 'dotm.fresh';

let madeHere = false;

/** Notes that this tab has just made an account. */
export function markFreshAccount(): void {
  madeHere = true;
  try {
    sessionStorage.setItem(freshKey, '1');
  } catch {
    // Then the account keeps its defaults, which the member can change.
  }
}

/** Whether this tab has just made an account that still has default preferences. */
export function accountIsFresh(): boolean {
  try {
    return sessionStorage.getItem(freshKey) !== null;
  } catch {
    return false;
  }
}

/**
 * Whether the account was made since this page was loaded: its first answers may still carry default preferences, which must
 * not overrule what the visitor was reading in.
 */
export function accountMadeHere(): boolean {
  return madeHere;
}

/** Notes that the new account has got its preferences. */
export function forgetFreshAccount(): void {
  sessionStorage.removeItem(freshKey);
}

/** Set by a sign-up until the new account knows the language and currency that the visitor was reading in. */
const freshKey = 'dotm.fresh';

/** Notes that this tab has just made an account. */
export function markFreshAccount(): void {
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

/** Notes that the new account has got its preferences. */
export function forgetFreshAccount(): void {
  sessionStorage.removeItem(freshKey);
}

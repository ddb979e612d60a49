import { CodedError } from '../shared/errors.ts';

/**
 * How a vendor's failure becomes ours. `vendor.unavailable` may succeed later and is retried; `vendor.refused` never will.
 * What a vendor says may repeat what we sent (e-mail addresses, numbers, activation codes), so nothing of its text gets
 * into a message or a cause unless it went through `redact`.
 */
export type FailureKind = 'unavailable' | 'refused';

/**
 * Tells from an HTTP status whether the same request may succeed later. 401 and 403 count as "later": they say that our
 * credentials or the caller's address are wrong, which an operator repairs, and not that this member's request is bad.
 * 409 may be two attempts that met; 408, 425, 429 and 5xx ask for another attempt; a redirect comes from a wrong host.
 */
export function failureOfStatus(status: number): FailureKind {
  if (status < 400 || status >= 500) return 'unavailable';
  return [401, 403, 408, 409, 425, 429].includes(status) ? 'unavailable' : 'refused';
}

/** Makes the coded error of a vendor's failure. `message` must be safe to log; `cause` is stripped by `safeCause`. */
export function vendorError(kind: FailureKind, message: string, cause?: unknown): CodedError {
  return new CodedError(`vendor.${kind}`, message, cause === undefined ? {} : { cause: safeCause(cause) });
}

/**
 * Copies an error's name, code and stack frames, and nothing else: an SDK's error holds the whole request with its
 * credentials and the member's data, and loggers print causes whole.
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`a thrown ${typeof error}`);
  const code = 'code' in error && /^[\w.-]{1,60}$/.test(String(error.code)) ? ` ${String(error.code)}` : '';
  const copy = new Error(`${error.name}${code} (message withheld)`);
  copy.name = error.name;
  // A frame line begins with "at"; the lines before them repeat the message.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at\s/.test(line));
  copy.stack = [`${copy.name}: ${copy.message}`, ...frames].join('\n');
  return copy;
}

const maxRedactedLength = 200;

/**
 * Makes a vendor's text safe to log: hides e-mail addresses, activation codes, keys, and every run of seven or more digits
 * (telephone numbers, ICCIDs, cards), and cuts it to 200 characters. Better too much hidden than too little.
 */
export function redact(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/\S*@\S*/g, '[address]')
    .replace(/\S*1\$\S*/g, '[activation code]')
    .replace(/\b(?:sk|rk|pk|whsec|SG|Bearer|Basic)[_. ]\S+/gi, '[key]')
    .replace(/\+?\d(?:[\s().-]*\d){6,}F?/g, '[number]')
    .replace(/\s+/g, ' ')
    .slice(0, maxRedactedLength);
}

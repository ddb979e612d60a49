import type { CodedError } from '../../shared/errors.ts';
import { failureOfStatus, vendorError } from '../failure.ts';

/**
 * Turns what SendGrid's library throws into our error. Limits, 5xx, time-outs and credentials are retried; a mail that it
 * refuses (400, 413) is not. Only the names of refused fields are kept: its texts repeat addresses, and the error of a
 * failed connection holds the API key and the whole mail.
 */
export function sendgridError(error: unknown): CodedError {
  if (!(error instanceof Error)) return vendorError('refused', 'the SendGrid library refused the mail', error);
  if ('isAxiosError' in error) {
    return vendorError('unavailable', 'SendGrid gave no answer: the connection failed or timed out', error);
  }
  const status = 'code' in error && typeof error.code === 'number' ? error.code : null;
  if (status === null) return vendorError('refused', 'the SendGrid library refused the mail', error);
  const fields = refusedFields(error);
  const which = fields.length > 0 ? `, fields ${fields.join(', ')}` : '';
  return vendorError(failureOfStatus(status), `SendGrid answered ${status}${which}`, error);
}

function refusedFields(error: unknown): string[] {
  const { response } = error as { response?: { body?: { errors?: unknown } } };
  const errors = response?.body?.errors;
  if (!Array.isArray(errors)) return [];
  const fields = errors.map((entry: unknown) => (entry as { field?: unknown } | null)?.field);
  return fields.filter((field): field is string => typeof field === 'string' && /^[\w.[\]-]{1,80}$/.test(field));
}

/**
 * Turns what nodemailer throws into our error. A server's 5xx is final for this mail; a 4xx, a failed connection, a
 * time-out and a refused sign-in (an operator repairs it) may pass. The server's sentence is left out: it repeats addresses.
 */
export function smtpError(error: unknown): CodedError {
  const { code, responseCode, command } = error as { code?: unknown; responseCode?: unknown; command?: unknown };
  const status = typeof responseCode === 'number' ? responseCode : null;
  const words = [code, status, command].filter((word) => typeof word === 'number' || isWord(word));
  // An address or a mail that nodemailer itself refuses comes without a server's status.
  const final = status === null ? code === 'EENVELOPE' || code === 'EMESSAGE' : status >= 500 && code !== 'EAUTH';
  const message = `SMTP server did not take the mail: ${words.join(' ') || 'no reason given'}`;
  return vendorError(final ? 'refused' : 'unavailable', message, error);
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z ]{1,30}$/.test(value);
}

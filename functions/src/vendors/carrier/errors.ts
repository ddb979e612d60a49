import { CodedError } from '../../shared/errors.ts';
import { describeAnswer } from '../http.ts';
import type { HttpAnswer, HttpCall } from '../http.ts';
import { failureOfStatus, redact, vendorError } from '../failure.ts';

/** OXIO's code for an e-mail address that belongs to an end user already (seen on the wire). */
const emailKnownCode = 6805;

/**
 * The e-mail address belongs to an end user already (code 6805): look the end user up and adopt it. Permanent for the
 * same request, so a caller that does not adopt must not repeat it.
 */
export class CarrierEmailKnownError extends CodedError {
  constructor() {
    super(
      'vendor.refused',
      'OXIO knows the e-mail address already (code 6805): look the end user up by it and adopt that one',
    );
    this.name = 'CarrierEmailKnownError';
  }
}

interface ErrorBody {
  error: string;
  code: number | null;
  fields: string[];
}

/**
 * Reads OXIO's error body, `{"error", "code", "details": {field: message}}`, all of it optional. There is no `message`
 * key. Null when the answer is not in OXIO's words (a gateway's page, an empty body).
 */
function readErrorBody(json: unknown): ErrorBody | null {
  if (typeof json !== 'object' || json === null || !('error' in json)) return null;
  const { error } = json;
  const code = 'code' in json && typeof json.code === 'number' ? json.code : null;
  const details = 'details' in json && typeof json.details === 'object' && json.details !== null ? json.details : {};
  return { error: typeof error === 'string' ? error : '', code, fields: Object.keys(details) };
}

/** True when OXIO itself, and not some gateway on the way, says that there is no such thing. */
export function isNotFound(answer: HttpAnswer): boolean {
  return answer.status === 404 && readErrorBody(answer.json) !== null;
}

/**
 * Turns an answer that is no success into our error. Code 6805 becomes CarrierEmailKnownError. What OXIO itself refuses
 * (code 3 and any other 4xx in its words) is permanent; credentials, limits, 5xx and everything that is not in its words
 * may pass, so it is retried. Of `details` only the names of the fields are kept: the texts may repeat the values.
 */
export function carrierError(call: HttpCall, answer: HttpAnswer): CodedError {
  const body = readErrorBody(answer.json);
  if (body?.code === emailKnownCode) return new CarrierEmailKnownError();
  const said = body
    ? ` (${[redact(body.error), body.code === null ? '' : `code ${body.code}`, body.fields.length > 0 ? `fields ${redact(body.fields.join(', '))}` : ''].filter(Boolean).join('; ')})`
    : '';
  return vendorError(
    body ? failureOfStatus(answer.status) : 'unavailable',
    describeAnswer('OXIO', call, answer) + said,
  );
}

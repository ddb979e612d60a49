import { errorTable } from '../../../functions/src/shared/errors.ts';
import type { ErrorBody, ErrorCode, FieldProblem } from '../../../functions/src/shared/errors.ts';
import type { Text } from '../i18n/text.ts';

/**
 * What can go wrong on this side of the wire: no answer at all, or an answer of a shape that this version of the app does
 * not know (an old tab after a release: reload).
 */
export type ClientErrorCode = 'client.network' | 'client.outdated';

/** A failed call with its code. `retry` says that the same call may succeed later. */
export class ApiError extends Error {
  readonly code: ErrorCode | ClientErrorCode;
  readonly fields: FieldProblem[];
  readonly traceId: string | null;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode | ClientErrorCode,
    details: {
      message?: string;
      fields?: FieldProblem[];
      traceId?: string;
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(details.message ?? code, { cause: details.cause });
    this.name = 'ApiError';
    this.code = code;
    this.fields = details.fields ?? [];
    this.traceId = details.traceId ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }

  get retry(): boolean {
    if (this.code === 'client.network') return true;
    return this.code === 'client.outdated' ? false : errorTable[this.code].retry;
  }
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code) in errorTable;
}

/** Turns an error answer into an ApiError; an answer that is not ours (a proxy's page) becomes `internal` or `client.network`. */
export function errorOfAnswer(status: number, body: unknown, retryAfter: string | null): ApiError {
  const seconds = Number(retryAfter);
  const wait = retryAfter !== null && Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
  if (isErrorBody(body)) return new ApiError(body.error.code, { ...body.error, ...wait });
  const code = status === 502 || status === 503 || status === 504 ? 'client.network' : 'internal';
  return new ApiError(code, { message: `answer ${status} without an error body`, ...wait });
}

/** What a member is told about a failure: the text of its code, never the operator's message. */
export function errorText(error: unknown, t: Text): string {
  const code = error instanceof ApiError ? error.code : 'internal';
  return t.maybe(`errors.${code}`) ?? t('errors.internal');
}

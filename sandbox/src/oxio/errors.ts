import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An answer other than success, in OXIO's own body: `error`, `code`, perhaps `details`; never `message`. */
export class OxioError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: number;
  readonly details: Record<string, string> | undefined;

  constructor(status: ContentfulStatusCode, error: string, code: number, details?: Record<string, string>) {
    super(error);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** The JSON body. */
  get body(): { error: string; code: number; details?: Record<string, string> } {
    return { error: this.message, code: this.code, ...(this.details ? { details: this.details } : {}) };
  }
}

/** 400 code 3: malformed input. Permanent. Details were never seen with it, so there are none. */
export function invalidParameters(): OxioError {
  return new OxioError(400, 'Invalid parameters', 3);
}

/** 400 code 6805: the e-mail belongs to an end user. */
export function emailTaken(): OxioError {
  return new OxioError(400, 'Invalid parameters', 6805, { email: 'A user already exists with the same email.' });
}

/** 400 for a line without a person: reported in words only, so code and text are assumed. */
export function emailMandatory(): OxioError {
  return new OxioError(400, 'Invalid parameters', 3, { email: 'The email field is mandatory.' });
}

/** 404. Assumed: code 3 is gRPC's INVALID_ARGUMENT, so NOT_FOUND would be 5; no such body was seen. */
export function notFound(what: string): OxioError {
  return new OxioError(404, `${what} not found`, 5);
}

/** 401. Assumed: gRPC's UNAUTHENTICATED is 16; no such body was seen. */
export function unauthenticated(): OxioError {
  return new OxioError(401, 'Unauthorized', 16);
}

/** 400 when no SIM is left. Assumed: gRPC's RESOURCE_EXHAUSTED is 8; no such body was seen. */
export function outOfStock(): OxioError {
  return new OxioError(400, 'No SIM available', 8);
}

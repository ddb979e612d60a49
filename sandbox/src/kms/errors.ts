import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Google's names of what went wrong, each with its HTTP status. */
const STATUSES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
} as const satisfies Record<string, ContentfulStatusCode>;

/** An answer other than success, in the body that all of Google's APIs share: `{error: {code, message, status}}`. */
export class GoogleError extends Error {
  readonly status: keyof typeof STATUSES;

  constructor(status: keyof typeof STATUSES, message: string) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  get code(): ContentfulStatusCode {
    return STATUSES[this.status];
  }

  /** The JSON body. */
  get body(): { error: { code: number; message: string; status: string } } {
    return { error: { code: this.code, message: this.message, status: this.status } };
  }
}

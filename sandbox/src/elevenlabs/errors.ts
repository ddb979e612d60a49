import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An answer other than success, in the body that ElevenLabs gives: `{detail: {status, message}}`. */
export class ElevenLabsError extends Error {
  readonly code: ContentfulStatusCode;
  readonly body: { detail: { status: string; message: string } };

  constructor(code: ContentfulStatusCode, status: string, message: string) {
    super(message);
    this.code = code;
    this.body = { detail: { status, message } };
  }
}

/** A body that has not the right form: 422 with one entry for each field. */
export class UnprocessableBody extends Error {
  readonly body: { detail: { loc: (string | number)[]; msg: string; type: string }[] };

  constructor(problems: readonly { path: readonly PropertyKey[]; message: string }[]) {
    super('unprocessable body');
    this.body = {
      detail: problems.map(({ path, message }) => ({
        loc: ['body', ...path.map((part) => (typeof part === 'number' ? part : String(part)))],
        msg: message,
        type: 'value_error',
      })),
    };
  }
}

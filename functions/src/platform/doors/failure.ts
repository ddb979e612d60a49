import { CodedError, errorTable, type ErrorBody } from '../../shared/errors.ts';
import { log } from '../log.ts';
import { currentTraceId } from '../trace.ts';

/** The one boundary of both doors: turns whatever was thrown into the error body, and logs it as loudly as it deserves. */
export function toFailure(
  operation: string,
  error: unknown,
): { status: number; callable: (typeof errorTable)[CodedError['code']]['callable']; body: ErrorBody } {
  const coded =
    error instanceof CodedError ? error : new CodedError('internal', 'something broke on our side', { cause: error });
  const { status, callable } = errorTable[coded.code];
  if (status >= 500) log.operationFailed(operation, coded.code, coded.cause ?? coded);
  else log.operationRefused(operation, coded.code);
  const body: ErrorBody = {
    error: {
      code: coded.code,
      message: coded.message,
      traceId: currentTraceId(),
      ...(coded.fields ? { fields: coded.fields } : {}),
      ...(coded.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: coded.retryAfterSeconds }),
    },
  };
  return { status, callable, body };
}

import { HttpsError, onCall, type CallableFunction, type CallableOptions } from 'firebase-functions/https';
import type { Operation } from '../../shared/operation.ts';
import type { Services } from '../container.ts';
import { invoke } from '../operations.ts';
import { traceIdFromHeaders, withTrace } from '../trace.ts';
import { toFailure } from './failure.ts';

/**
 * Makes the callable function of an operation for the mobile SDKs. The data is the operation's input; an idempotent one carries
 * `idempotencyKey` beside it, because those SDKs can't set headers.
 */
export function callable(
  services: () => Services,
  options: CallableOptions,
  operation: Operation,
  load: () => Promise<unknown>,
): CallableFunction<unknown, Promise<unknown>> {
  return onCall(options, (request) => {
    const header = (name: string) => request.rawRequest.header(name);
    const { idempotencyKey, ...input } = asRecord(request.data);
    return withTrace(traceIdFromHeaders(header), async () => {
      try {
        return await invoke(services(), operation, load, {
          input: isRecord(request.data) || request.data == null ? input : request.data,
          bearerToken: /^Bearer (\S+)$/i.exec(header('authorization') ?? '')?.[1],
          appCheckToken: header('x-firebase-appcheck'),
          idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
          clientAddress: (header('x-forwarded-for') ?? '').split(',')[0]?.trim() ?? '',
        });
      } catch (error) {
        const { callable: status, body } = toFailure(operation.name, error);
        throw new HttpsError(status, body.error.message, body.error);
      }
    });
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

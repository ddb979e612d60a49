import { useCallback, useRef, useState } from 'react';
import { api } from '../../../functions/src/shared/api/index.ts';
import type { OperationName } from '../../../functions/src/shared/api/index.ts';
import { call } from './call.ts';
import type { OperationInput, OperationOutput } from './client.ts';
import { ApiError } from './errors.ts';
import { forgetIntent, intentKey } from './intent.ts';

/** Runs one operation with the key of its intent; the key is forgotten as soon as the outcome is certain. */
export async function runOperation<N extends OperationName>(
  name: N,
  input: OperationInput<N>,
): Promise<OperationOutput<N>> {
  if (!api[name].idempotent) return call(name, input);
  const idempotencyKey = intentKey(name, input);
  try {
    const output = await call(name, input, { idempotencyKey });
    forgetIntent(name, input);
    return output;
  } catch (error) {
    // After a retryable failure the deed may have been done: the same key must meet it again.
    if (error instanceof ApiError && !error.retry && error.code !== 'client.outdated') forgetIntent(name, input);
    throw error;
  }
}

/** State of one deed on a page: what a button needs to be busy, and what a notice needs to explain a failure. */
export interface Deed<N extends OperationName> {
  /** Does it; answers null when it failed (see `error`) or is already being done. */
  run: (input: OperationInput<N>) => Promise<OperationOutput<N> | null>;
  busy: boolean;
  error: unknown;
  clear: () => void;
}

/** Offers an operation to a page. A second click while the first is on its way does nothing. */
export function useOperation<N extends OperationName>(name: N): Deed<N> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);

  const run = useCallback(
    async (input: OperationInput<N>) => {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      setError(null);
      try {
        return await runOperation(name, input);
      } catch (failure) {
        setError(failure);
        return null;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [name],
  );
  return { run, busy, error, clear: () => setError(null) };
}

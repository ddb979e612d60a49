import type { CallableFunction } from 'firebase-functions/https';
import { handlers } from '../handlers.ts';
import { services } from '../platform/container.ts';
import { callable } from '../platform/doors/callable.ts';
import { api, type OperationName } from '../shared/api/index.ts';
import { base, secrets } from './options.ts';

type Callable = CallableFunction<unknown, Promise<unknown>>;

/** Operations that speak with the payment provider; all others see the database only. */
const paying = new Set<OperationName>(['startCheckout', 'cancelOrder', 'openBillingPortal']);

/** Makes the callable function of an operation for the mobile SDKs. */
export function door(name: OperationName): Callable {
  const options = {
    ...base,
    concurrency: 40,
    // Operators are few; members' phones call at the same time.
    maxInstances: typeof api[name].access === 'string' ? 2 : 1,
    secrets: paying.has(name) ? secrets.payments : secrets.database,
  };
  return callable(services, options, api[name], handlers[name]);
}

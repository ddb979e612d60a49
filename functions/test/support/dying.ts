import { StaleClaimError } from '../../src/platform/jobs.ts';

/**
 * Wraps a port (or any object of async methods) so that the process "dies" right after `method` did its work, `times` times: the
 * vendor has done it, and nothing of ours was written. The worker then keeps its claim until the lease ends, exactly as after a
 * real death, because `runJob` writes nothing for this kind of error.
 */
export function dyingAfter<T extends object>(port: T, method: keyof T & string, times = 1): T {
  let left = times;
  return new Proxy(port, {
    get(target, name, receiver) {
      const original: unknown = Reflect.get(target, name, receiver);
      if (name !== method || typeof original !== 'function') return original;
      return async (...args: unknown[]) => {
        const result: unknown = await Reflect.apply(original, target, args);
        if (left <= 0) return result;
        left -= 1;
        throw new StaleClaimError(`process died after ${method}`);
      };
    },
  });
}

/** Wraps a port so that the process "dies" just before `method`, `times` times. */
export function dyingBefore<T extends object>(port: T, method: keyof T & string, times = 1): T {
  let left = times;
  return new Proxy(port, {
    get(target, name, receiver) {
      const original: unknown = Reflect.get(target, name, receiver);
      if (name !== method || typeof original !== 'function') return original;
      return async (...args: unknown[]) => {
        if (left <= 0) return Reflect.apply(original, target, args) as unknown;
        left -= 1;
        throw new StaleClaimError(`process died before ${method}`);
      };
    },
  });
}

import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let lastCallReached = true;

/** Notes whether a call reached the server. A phone may claim a network that carries nothing. */
export function noteNetwork(reached: boolean): void {
  if (reached === lastCallReached) return;
  lastCallReached = reached;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** False when the device is offline, or when the last call got no answer. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine && lastCallReached);
}

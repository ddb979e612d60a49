import { useSyncExternalStore } from 'react';
import { registerSW } from 'virtual:pwa-register';

/** A version that is found this soon after the start is taken at once: nobody has begun anything yet. */
const quietMs = 3000;

const listeners = new Set<() => void>();
let waiting = false;
let takeOver: (() => Promise<void>) | null = null;

/** Registers the service worker that keeps the shell for offline use and notices new versions. */
export function registerOffline(): void {
  const startedAt = performance.now();
  const update = registerSW({
    onNeedRefresh() {
      takeOver = () => update(true);
      if (performance.now() - startedAt < quietMs) {
        void takeOver();
        return;
      }
      waiting = true;
      listeners.forEach((listener) => listener());
    },
  });
}

/** Whether a newer version waits to be loaded. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting,
  );
}

/** Loads the newer version. */
export function loadNewVersion(): void {
  void takeOver?.();
}

import { useSyncExternalStore } from 'react';

/** A version that is found this soon after the start is taken at once: nobody has begun anything yet. */
const quietMs = 3000;

const listeners = new Set<() => void>();
let waiting = false;
let takeOver: (() => void) | null = null;

/** Registers the service worker that keeps the shell for offline use and notices new versions. */
export async function registerOffline(): Promise<void> {
  // The development server has no service worker, and some browsers forbid it in private windows.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const startedAt = performance.now();
  const { Workbox } = await import('workbox-window');
  const worker = new Workbox('/sw.js');
  worker.addEventListener('waiting', () => {
    takeOver = () => {
      worker.addEventListener('controlling', () => location.reload());
      worker.messageSkipWaiting();
    };
    if (performance.now() - startedAt < quietMs) return takeOver();
    waiting = true;
    listeners.forEach((listener) => listener());
  });
  await worker.register();
  await navigator.serviceWorker.ready;
  await keepConfig();
}

/**
 * Keeps the configuration where the service worker looks for it (`cacheName` in vite.config.ts). A first visit fetches it
 * before there is a worker to keep it, and without it the app cannot start offline.
 */
async function keepConfig(): Promise<void> {
  const kept = await caches.open('config');
  if ((await kept.match('/config.json')) === undefined) await kept.add('/config.json');
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
  takeOver?.();
}

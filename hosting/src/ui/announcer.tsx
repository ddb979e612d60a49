import { useSyncExternalStore } from 'react';

let message = '';
const listeners = new Set<() => void>();

/** Has a screen reader say `text` when it is done with what it is saying. */
export function announce(text: string): void {
  message = text;
  listeners.forEach((listener) => listener());
}

/** The live region that `announce` speaks through; once per app. */
export function Announcer() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
  return (
    <div className="sr-only" aria-live="polite" role="log">
      {text}
    </div>
  );
}

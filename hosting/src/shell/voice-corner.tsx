import { lazy, Suspense, useEffect, useState } from 'react';
import { ErrorBoundary } from '../ui/error-boundary.tsx';

const VoiceDock = lazy(() => import('../voice/dock.tsx'));

/** How long a page that is never idle keeps the player waiting. */
const latestMs = 3000;

/** Holds the player of voice messages. Its code is fetched when the page has settled: nobody waits for it, and without it everything else works. */
export function VoiceCorner() {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => setSettled(true), latestMs / 2);
      return () => clearTimeout(timer);
    }
    const waiting = requestIdleCallback(() => setSettled(true), { timeout: latestMs });
    return () => cancelIdleCallback(waiting);
  }, []);
  if (!settled) return null;
  return (
    <ErrorBoundary resetKey="voice" fallback={() => null}>
      <Suspense fallback={null}>
        <VoiceDock />
      </Suspense>
    </ErrorBoundary>
  );
}

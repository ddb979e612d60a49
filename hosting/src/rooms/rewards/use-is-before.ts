import { useEffect, useState } from 'react';

/** The longest that a browser's timer can wait. */
const timerMostMs = 2 ** 31 - 1;

/** True until the moment `iso`; the page is drawn again when it comes. */
export function useIsBefore(iso: string): boolean {
  const [isBefore, setIsBefore] = useState(() => Date.now() < Date.parse(iso));
  useEffect(() => {
    const left = Date.parse(iso) - Date.now();
    setIsBefore(left > 0);
    if (left <= 0) return;
    const timer = setTimeout(() => setIsBefore(Date.now() < Date.parse(iso)), Math.min(left + 1, timerMostMs));
    return () => clearTimeout(timer);
  }, [iso]);
  return isBefore;
}

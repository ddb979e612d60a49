import { useCallback, useEffect, useRef, useState } from 'react';
import { fromDecimal, minor, toMoney } from '../../../../functions/src/shared/money.ts';
import type { Amount, Currency } from '../../../../functions/src/shared/money.ts';
import type { OperationOutput } from '../../api/client.ts';
import { runOperation } from '../../api/use-operation.ts';
import { useSession } from '../../auth/session.ts';
import { nearestCredit } from './nearest-credit.ts';

/** What DOTM can pay of a quote, and what paying so much of it comes to, as the server reckons it. */
export type CreditPreview = OperationOutput<'previewCredit'>;

/** How the member pays a quote with DOTM. */
export interface Credit {
  /** The last answer; null before the first, for who is signed out, and where it could not be had. */
  preview: CreditPreview | null;
  /** What the member chose, in minor units. It may be ahead of the answer. */
  chosen: Amount<Currency>;
  /** The answer to what is chosen is on its way. */
  busy: boolean;
  error: unknown;
  choose: (amount: bigint) => void;
  /** Asks anew what is possible, with nothing chosen. */
  reload: () => void;
}

/** Long enough not to ask at each pixel of a slider, short enough to feel live. */
const patienceMs = 200;

/** Keeps how much of a quote is paid with DOTM. Another quote begins with nothing chosen: its price is another one. */
export function useCredit(quote: string): Credit {
  const session = useSession();
  const isSignedIn = session.status === 'signed-in';
  const [round, setRound] = useState(0);
  const [preview, setPreview] = useState<CreditPreview | null>(null);
  const [chosen, setChosen] = useState<bigint>(0n);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(0);

  const ask = useCallback(
    async (unit: Currency | null, amount: bigint) => {
      latest.current += 1;
      const mine = latest.current;
      setBusy(true);
      try {
        const credit = unit === null || amount === 0n ? {} : { credit: toMoney(unit, amount) };
        const answer = await runOperation('previewCredit', { quote, ...credit });
        if (mine !== latest.current) return;
        setPreview(answer);
        setError(null);
      } catch (failure) {
        if (mine === latest.current) setError(failure);
      } finally {
        if (mine === latest.current) setBusy(false);
      }
    },
    [quote],
  );

  useEffect(() => {
    setPreview(null);
    setChosen(0n);
    setError(null);
    if (isSignedIn) void ask(null, 0n);
  }, [ask, isSignedIn, round]);

  const unit = preview?.due.unit ?? null;
  const isAhead = preview !== null && fromDecimal(preview.credit.unit, preview.credit.amount) !== chosen;
  useEffect(() => {
    if (!isAhead || unit === null) return;
    const timer = setTimeout(() => void ask(unit, chosen), patienceMs);
    return () => clearTimeout(timer);
  }, [ask, chosen, isAhead, unit]);

  return {
    preview,
    chosen: minor(unit ?? 'USD', chosen),
    busy: busy || (isAhead && error === null),
    error,
    choose: (amount) => {
      if (preview) setChosen(nearestCredit(preview, amount));
    },
    reload: () => setRound((before) => before + 1),
  };
}

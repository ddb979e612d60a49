import { useCallback, useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import type { OperationOutput } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { runOperation } from '../../api/use-operation.ts';
import { useSession } from '../../auth/session.ts';
import { useCurrency } from '../../preferences.ts';
import { quotePath, readBasket } from './basket-address.ts';
import type { BasketItem } from './basket-address.ts';

/** A quote that can be paid. */
export interface OpenQuote {
  quote: string;
  price: PricedBasketView;
  expiresAt: string;
  promotionCode: string | null;
  country: string | null;
}

/** A quote that can't be paid as it is, or need not be: the price of before, and a fresh quote for the same things. */
export interface Changed {
  why: 'expired' | 'membership' | 'promotion' | 'cheaper';
  old: PricedBasketView;
  fresh: OperationOutput<'refreshQuote'>;
  promotionGone: boolean;
}

export type QuoteState =
  | { status: 'loading' }
  | { status: 'failed'; error: unknown }
  | { status: 'open'; open: OpenQuote }
  | { status: 'changed'; changed: Changed };

/** What may be changed in a basket. */
export interface BasketChange {
  items?: BasketItem[];
  code?: string | null;
}

/** What the checkout does with quotes. */
export interface Quotes {
  state: QuoteState;
  /** A change of the basket is being priced. */
  busy: boolean;
  /** Why the last change was not taken. */
  problem: unknown;
  /** Prices the basket with a change, and puts its quote in the place of this one. */
  change: (change: BasketChange) => void;
  /** Asks for a fresh quote and shows both prices. */
  refresh: (why: Changed['why']) => Promise<void>;
  /** Goes on with the fresh quote. */
  accept: () => void;
}

/** The items of a price, to ask for another one with. */
export function itemsOf(price: PricedBasketView): BasketItem[] {
  return price.lines.map(({ productId, cycle, quantity }) => ({ productId, cycle, quantity }));
}

/**
 * Keeps the checkout's quote. It lives in the address: a link that somebody sends, a reload and the way back from signing in show the
 * same price. An address that names a basket gets a quote for it first.
 */
export function useQuote(): Quotes {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const currency = useCurrency();
  const token = search.get('quote');
  const [state, setState] = useState<QuoteState>({ status: 'loading' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  // What is shown already need not be asked for again when its address comes.
  const shown = useRef<string | null>(null);

  const show = useCallback(
    (open: OpenQuote) => {
      shown.current = open.quote;
      setState({ status: 'open', open });
      void navigate(quotePath(open.quote), { replace: true, preventScrollReset: true });
    },
    [navigate],
  );

  const refreshToken = useCallback(async (quote: string, why: Changed['why']) => {
    try {
      const fresh = await runOperation('refreshQuote', { quote });
      const { old, promotionGone } = fresh;
      setState({ status: 'changed', changed: { why, old: old.price, fresh, promotionGone } });
    } catch (error) {
      setState({ status: 'failed', error });
    }
  }, []);

  useEffect(() => {
    let gone = false;
    async function open(): Promise<void> {
      try {
        if (token !== null) {
          if (shown.current === token) return;
          setState({ status: 'loading' });
          const read = await runOperation('readQuote', { quote: token });
          if (!gone) show({ quote: token, ...read });
          return;
        }
        const basket = readBasket(search, currency);
        if (!basket) throw new ApiError('quote.altered');
        const wish = { items: basket.items, currency: basket.currency };
        const offered = await offer(wish, basket.code);
        if (!gone) show({ ...offered.quote, promotionCode: offered.code, country: null });
      } catch (error) {
        if (gone) return;
        if (token !== null && isCode(error, 'quote.expired')) await refreshToken(token, 'expired');
        else setState({ status: 'failed', error });
      }
    }
    void open();
    return () => {
      gone = true;
    };
  }, [token, search, currency, show, refreshToken]);

  useMembersPrice(state, setState);

  const change = useCallback(
    ({ items, code }: BasketChange) => {
      if (state.status !== 'open') return;
      const { open } = state;
      const promotionCode = code === undefined ? open.promotionCode : code;
      setBusy(true);
      setProblem(null);
      runOperation('createQuote', {
        items: items ?? itemsOf(open.price),
        currency: open.price.currency,
        country: open.country,
        promotionCode,
      })
        .then((offered) => show({ ...offered, promotionCode, country: open.country }))
        .catch(setProblem)
        .finally(() => setBusy(false));
    },
    [state, show],
  );

  return {
    state,
    busy,
    problem,
    change,
    async refresh(why) {
      if (state.status === 'open') await refreshToken(state.open.quote, why);
    },
    accept() {
      if (state.status !== 'changed') return;
      const { fresh, promotionGone } = state.changed;
      const promotionCode = promotionGone ? null : fresh.old.promotionCode;
      show({ ...fresh, promotionCode, country: fresh.old.country });
    },
  };
}

/** A quote that was given to anybody may cost more than what the member pays who opens it: then both are shown, once. */
function useMembersPrice(state: QuoteState, setState: (state: QuoteState) => void): void {
  const session = useSession();
  const asked = useRef<string | null>(null);
  const quote = state.status === 'open' ? state.open.quote : null;
  const signedIn = session.status === 'signed-in';
  useEffect(() => {
    if (quote === null || !signedIn || asked.current !== null) return;
    asked.current = quote;
    runOperation('refreshQuote', { quote })
      .then((fresh) => {
        const { old, promotionGone } = fresh;
        // Amounts of one currency have the same number of decimals, so that they compare as numbers.
        if (Number(fresh.price.dueNow.amount) >= Number(old.price.dueNow.amount)) return;
        asked.current = fresh.quote;
        setState({ status: 'changed', changed: { why: 'cheaper', old: old.price, fresh, promotionGone } });
      })
      // The quote that is shown can be paid all the same.
      .catch(() => undefined);
  }, [quote, signedIn, setState]);
}

/** Asks for a quote; with a code of the address that can't be used, for one without it. */
async function offer(
  wish: { items: BasketItem[]; currency: PricedBasketView['currency'] },
  code: string | null,
): Promise<{ quote: OperationOutput<'createQuote'>; code: string | null }> {
  if (code === null) return { quote: await runOperation('createQuote', wish), code };
  try {
    return { quote: await runOperation('createQuote', { ...wish, promotionCode: code }), code };
  } catch (error) {
    if (!isCode(error, 'promotion.unavailable', 'request.invalid')) throw error;
    return { quote: await runOperation('createQuote', wish), code: null };
  }
}

/** Whether an error is one of these. */
export function isCode(error: unknown, ...codes: ApiError['code'][]): boolean {
  return error instanceof ApiError && codes.includes(error.code);
}

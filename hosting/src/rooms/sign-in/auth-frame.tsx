import type { ReactNode } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { authPath, safeNext } from '../../auth/next.ts';
import { useSession } from '../../auth/session.ts';
import type { MessageId } from '../../i18n/messages.ts';
import { useText } from '../../i18n/text.ts';
import { useCatalog } from '../../live/sources.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { priceTag, productName } from '../plans/product-words.ts';
import { useSoldCurrency } from '../plans/sold-currency.ts';
import { GoogleMark } from './google-mark.tsx';
import { useAuthStep } from './use-auth-step.ts';
import './sign-in.css';

/** Where the member goes after this page. */
export function useNext(): string {
  const [search] = useSearchParams();
  return safeNext(search.get('next'));
}

/**
 * What sign-in and sign-up share: the plan that is being bought, Google, the way to the other page, and leaving as soon as
 * somebody is signed in.
 */
export function AuthFrame(props: { page: '/sign-in' | '/sign-up'; title: MessageId; children: ReactNode }) {
  const t = useText();
  const session = useSession();
  const next = useNext();
  const google = useAuthStep();
  if (session.status === 'signed-in') return <Navigate to={next} replace />;

  const other = props.page === '/sign-in' ? '/sign-up' : '/sign-in';
  return (
    <Page title={t(props.title)} narrow>
      <div className="stack" style={{ '--gap': '20px' }}>
        <ChosenPlan next={next} />
        <Button look="quiet" wide busy={google.busy} onClick={() => void google.run((auth) => auth.signInWithGoogle())}>
          <GoogleMark />
          {t('auth.google')}
        </Button>
        {google.problem && <Notice tone="bad">{google.problem}</Notice>}
        <p className="auth-or">{t('auth.or')}</p>
        {props.children}
        <p className="soft">
          {t(props.page === '/sign-in' ? 'auth.noAccount' : 'auth.haveAccount')}{' '}
          <Link to={authPath(other, next)}>{t(other === '/sign-up' ? 'auth.toSignUp' : 'auth.toSignIn')}</Link>
        </p>
      </div>
    </Page>
  );
}

function ChosenPlan(props: { next: string }) {
  const t = useText();
  const catalog = useCatalog();
  const currency = useSoldCurrency();
  const productId = /^\/checkout\/([a-z0-9_]+)/.exec(props.next)?.[1];
  const product = catalog.data?.products.find((entry) => entry.id === productId);
  if (!product) return null;
  const tag = priceTag(product, currency, t);
  return (
    <div className="chosen">
      <strong>{productName(product, t)}</strong>
      <span className="num">
        {tag.amount} <small className="soft">{tag.per}</small>
      </span>
      <p className="soft small">{t('auth.thenPay')}</p>
    </div>
  );
}

import { useEffect, useId, useRef } from 'react';
import { Link } from 'react-router';
import { fromMoney, toMoney } from '../../../../functions/src/shared/money.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import type { Text } from '../../i18n/text.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { isSome } from './price-words.ts';
import type { Credit, CreditPreview } from './use-credit.ts';
import './credit.css';

/** Lets the member pay a part of the price with DOTM, or all of it: what there is, what it is worth, and how much of it to use. */
export function CreditChoice(props: { credit: Credit; renews: boolean }) {
  const t = useText();
  const { credit } = props;
  const { preview } = credit;
  useSpokenResult(credit, t);
  // Who has none and holds none is not asked. Paying without DOTM does not wait for the answer.
  if (!preview) return credit.error === null ? null : <Unknown credit={credit} />;
  if (!isSome(preview.free) && !isSome(preview.held)) return null;
  return (
    <section className="credit" aria-label={t('checkout.credit.title')} data-testid="credit">
      <h2>{t('checkout.credit.title')}</h2>
      {isSome(preview.free) && (
        <p>
          {t('checkout.credit.have', {
            tokens: formatTokens(preview.free, t.locale),
            worth: formatPrice(preview.worth, t.locale),
          })}
        </p>
      )}
      {isSome(preview.held) && (
        <p className="soft small">
          {t('checkout.credit.held', { tokens: formatTokens(preview.held, t.locale) })}{' '}
          <Link to="/orders">{t('nav.orders')}</Link>
        </p>
      )}
      {isSome(preview.most) ? <Slider credit={credit} preview={preview} /> : <NotHere preview={preview} />}
      {credit.chosen > 0n && <Terms preview={preview} credit={credit} renews={props.renews} />}
      <ErrorNotice error={credit.error} retry={credit.reload} />
    </section>
  );
}

function Slider(props: { credit: Credit; preview: CreditPreview }) {
  const t = useText();
  const id = useId();
  const slider = useRef<HTMLInputElement>(null);
  const { credit, preview } = props;
  const { unit } = preview.due;
  const most = fromMoney(preview.most);
  const chosen = formatPrice(toMoney(unit, credit.chosen), t.locale);
  function jump(amount: bigint) {
    credit.choose(amount);
    // The button that was pressed goes away: the keyboard goes on at what it has moved.
    slider.current?.focus();
  }
  return (
    <>
      <div className="credit-slider">
        <label htmlFor={id}>{t('checkout.credit.use')}</label>
        {/* The slider itself says it. */}
        <span className="num" aria-hidden="true">
          {chosen}
        </span>
        {/* Amounts of a price fit a number: minor units below 2^53. */}
        <input
          id={id}
          ref={slider}
          type="range"
          min={0}
          max={Number(most)}
          step={1}
          value={Number(credit.chosen)}
          aria-valuetext={chosen}
          onChange={(event) => credit.choose(BigInt(event.target.value))}
        />
      </div>
      <div className="row">
        {credit.chosen < most && (
          <Button look="quiet" size="small" onClick={() => jump(most)}>
            {t('checkout.credit.useMost', { amount: formatPrice(preview.most, t.locale) })}
          </Button>
        )}
        {credit.chosen > 0n && (
          <Button look="link" size="small" onClick={() => jump(0n)}>
            {t('checkout.credit.useNone')}
          </Button>
        )}
      </div>
    </>
  );
}

/** What using them means: that they are held, that they earn nothing, and what a renewal costs. */
function Terms(props: { credit: Credit; preview: CreditPreview; renews: boolean }) {
  const t = useText();
  const { preview, credit } = props;
  const isWhole = credit.chosen === fromMoney(preview.due);
  return (
    <ul className="soft small credit-terms">
      <li>{t('checkout.credit.holds')}</li>
      <li>{t('checkout.credit.earns')}</li>
      {props.renews && <li>{t('checkout.credit.renews')}</li>}
      {props.renews && isWhole && <li>{t('checkout.credit.card')}</li>}
    </ul>
  );
}

/** Why there is nothing to choose although there are tokens. */
function NotHere(props: { preview: CreditPreview }) {
  const t = useText();
  const { preview } = props;
  if (!isSome(preview.free)) return null;
  const smallest = formatPrice(preview.smallestCharge, t.locale);
  return <p className="soft small">{t('checkout.credit.notHere', { smallest })}</p>;
}

function Unknown(props: { credit: Credit }) {
  const t = useText();
  return (
    <Notice tone="warn">
      <p>{t('checkout.credit.unknown')}</p>
      <Button look="link" onClick={props.credit.reload}>
        {t('common.tryAgain')}
      </Button>
    </Notice>
  );
}

/** Has a screen reader say what is left to pay, once the choice has come to rest. */
function useSpokenResult({ preview, busy }: Credit, t: Text): void {
  const isChosen = preview !== null && isSome(preview.credit);
  const left = preview && formatPrice(preview.left, t.locale);
  useEffect(() => {
    if (isChosen && !busy && left !== null) announce(t('checkout.credit.spoken', { left }));
  }, [isChosen, busy, left, t]);
}

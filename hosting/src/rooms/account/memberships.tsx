import { useState } from 'react';
import { Link } from 'react-router';
import type { Subscription } from '../../../../functions/src/shared/api/orders.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatPrice } from '../../format/money.ts';
import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { productName } from '../plans/product-words.ts';
import { ChangePlan } from './change-plan.tsx';
import { useSubscriptionSaver } from './use-subscription-saver.ts';

const tones = { active: 'good', past_due: 'bad', canceled: 'plain' } as const;

/** What the member subscribes to, with the ways to change or cancel it, and the way to cards and invoices. */
export function Memberships(props: { subscriptions: Subscription[] }) {
  const t = useText();
  const portal = useOperation('openBillingPortal');
  // Held here and not in its row: a live state that comes late may lack the row for a moment, and must not close what somebody reads.
  const [changing, setChanging] = useState<Subscription | null>(null);
  async function open() {
    const page = await portal.run({});
    if (page) location.assign(page.url);
  }
  return (
    <section className="card stack" aria-labelledby="memberships">
      <h2 id="memberships">{t('account.memberships')}</h2>
      {props.subscriptions.length === 0 && <p className="soft">{t('account.noMembership')}</p>}
      <ul className="stack">
        {props.subscriptions.map((subscription) => (
          <li key={subscription.id} className="stack">
            <Membership subscription={subscription} change={() => setChanging(subscription)} />
          </li>
        ))}
      </ul>
      <p className="soft">{t('account.portalText')}</p>
      <div className="row">
        <Button look="quiet" busy={portal.busy} onClick={() => void open()}>
          {t('account.portal')}
          <Icon name="out" size={18} />
        </Button>
        {props.subscriptions.length === 0 && (
          <ButtonLink to="/plans" look="quiet">
            {t('nav.plans')}
          </ButtonLink>
        )}
      </div>
      <ErrorNotice error={portal.error} />
      <p className="small">
        <Link to="/orders">{t('account.receipts')}</Link>
      </p>
      {changing && <ChangePlan subscription={changing} close={() => setChanging(null)} />}
    </section>
  );
}

function Membership({ subscription, change }: { subscription: Subscription; change: () => void }) {
  const t = useText();
  const { status, cancelAtPeriodEnd, currentPeriodEnd, price, cycle, next } = subscription;
  const ends = cancelAtPeriodEnd || status === 'canceled';
  const day = formatDay(currentPeriodEnd, t.locale);
  const nameOf = (id: string) => productName({ id, name: id }, t);
  return (
    <>
      <div className="membership">
        <strong>{nameOf(subscription.productId)}</strong>
        <span className={`chip chip-${tones[status]}`}>{t(`account.subscription.${status}`)}</span>
        {price && cycle && (
          <span className="num">
            {formatPrice(price, t.locale)} {t(`plans.per.${cycle}`)}
          </span>
        )}
        <span className="soft small">{t(ends ? 'account.ends' : 'account.renews', { day })}</span>
      </div>
      {next && !ends && (
        <p className="soft small" data-testid="next-plan">
          {t('plan.next', {
            day,
            name: nameOf(next.productId),
            price: `${formatPrice(next.price, t.locale)} ${t(`plans.per.${next.cycle}`)}`,
          })}
        </p>
      )}
      {status !== 'canceled' && (
        <div className="row">
          {subscription.changeable && (
            <Button look="quiet" size="small" onClick={change}>
              {t('plan.change')}
            </Button>
          )}
          <EndOrResume subscription={subscription} />
        </div>
      )}
    </>
  );
}

/** Cancelling takes nothing away before the end of the period, and can be taken back: one click, without a question. */
function EndOrResume({ subscription }: { subscription: Subscription }) {
  const t = useText();
  const end = useOperation('cancelSubscription');
  const resume = useOperation('resumeSubscription');
  const save = useSubscriptionSaver();
  const deed = subscription.cancelAtPeriodEnd ? resume : end;
  // The same button takes back what it has just done: it rests until the page can't fall behind that any more.
  const [busy, setBusy] = useState(false);
  async function act() {
    setBusy(true);
    const after = await deed.run({ subscriptionId: subscription.id });
    if (after) await save(after);
    setBusy(false);
  }
  return (
    <>
      <Button look="link" size="small" busy={busy} onClick={() => void act()}>
        {t(subscription.cancelAtPeriodEnd ? 'plan.resume' : 'plan.cancel')}
      </Button>
      <ErrorNotice error={end.error ?? resume.error} />
    </>
  );
}

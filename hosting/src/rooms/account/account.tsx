import { useState } from 'react';
import { Link } from 'react-router';
import type { Account as AccountData } from '../../../../functions/src/shared/api/account.ts';
import type { Subscription } from '../../../../functions/src/shared/api/orders.ts';
import { authModule } from '../../auth/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { useAccount } from '../../live/sources.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { productName } from '../plans/product-words.ts';
import { DeleteAccount } from './delete-account.tsx';
import { ExportAccount } from './export-account.tsx';
import { Profile } from './profile.tsx';
import { VerifyEmail } from './verify-email.tsx';
import './account.css';

/** Everything about the member: who they are, what they subscribe to, and the two ways out, export and deletion. */
export default function Account() {
  const t = useText();
  const account = useAccount();
  return (
    <Page title={t('account.title')}>
      <LiveView live={account}>
        {(data) => (
          <div className="account">
            <div className="stack">
              <VerifyEmail />
              <SetUp account={data} />
              <Profile account={data} />
              <Memberships subscriptions={data.subscriptions} />
            </div>
            <div className="stack">
              <ExportAccount />
              <SignOut />
              <DeleteAccount />
              <LastUpdated live={account} />
            </div>
          </div>
        )}
      </LiveView>
    </Page>
  );
}

function SetUp(props: { account: AccountData }) {
  const t = useText();
  const { provisioning } = props.account;
  const done = provisioning.filter((step) => step.done).length;
  // A finished set-up is nobody's concern.
  if (done === provisioning.length) return null;
  return (
    <section className="card stack" aria-labelledby="set-up">
      <h2 id="set-up">{t('account.setUp')}</h2>
      <p className="soft">{t('account.setUpText')}</p>
      <progress value={done} max={provisioning.length} aria-label={t('account.setUp')} />
      <ul className="set-up">
        {provisioning.map((step) => (
          <li key={step.step}>
            {step.done ? <Icon name="check" size={20} /> : <span className="spinner" aria-hidden="true" />}
            {t(`account.step.${step.step}`)}
            <span className="sr-only">{t(step.done ? 'account.stepDone' : 'account.stepBusy')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const subscriptionTones = { active: 'good', past_due: 'bad', canceled: 'plain' } as const;

function Memberships(props: { subscriptions: Subscription[] }) {
  const t = useText();
  const portal = useOperation('openBillingPortal');
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
          <li key={subscription.id} className="membership">
            <strong>{productName({ id: subscription.productId, name: subscription.productId }, t)}</strong>
            <span className={`chip chip-${subscriptionTones[subscription.status]}`}>
              {t(`account.subscription.${subscription.status}`)}
            </span>
            <span className="soft small">
              {t(
                subscription.cancelAtPeriodEnd || subscription.status === 'canceled'
                  ? 'account.ends'
                  : 'account.renews',
                {
                  day: formatDay(subscription.currentPeriodEnd, t.locale),
                },
              )}
            </span>
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
    </section>
  );
}

function SignOut() {
  const t = useText();
  const [busy, setBusy] = useState(false);
  function leave() {
    setBusy(true);
    void authModule()
      .then((auth) => auth.leave())
      .catch(() => setBusy(false));
  }
  return (
    <section className="card stack" aria-labelledby="sign-out">
      <h2 id="sign-out">{t('account.signOut')}</h2>
      <p className="soft">{t('account.signOutText')}</p>
      <div>
        <Button look="quiet" busy={busy} onClick={leave}>
          {t('account.signOut')}
        </Button>
      </div>
    </section>
  );
}

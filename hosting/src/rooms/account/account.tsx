import { useState } from 'react';
import type { Account as AccountData } from '../../../../functions/src/shared/api/account.ts';
import { authModule } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { useAccount } from '../../live/sources.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { ExportAccount } from './export-account.tsx';
import { Memberships } from './memberships.tsx';
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

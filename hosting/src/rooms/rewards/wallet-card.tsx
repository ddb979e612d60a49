import { useEffect, useRef, useState } from 'react';
import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import { useOnline } from '../../api/connection.ts';
import { useSession } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { VerifyEmail } from '../account/verify-email.tsx';
import { ConnectWallet } from './connect-wallet.tsx';
import { CoolingWallet, LinkedWallet } from './linked-wallet.tsx';
import { SignElsewhere } from './sign-elsewhere.tsx';
import { UnlinkWallet } from './unlink-wallet.tsx';
import { useIsBefore } from './use-is-before.ts';
import { useWalletSaver } from './use-wallet-saver.ts';
import './wallet-card.css';
import { linkedText } from './wallet-words.ts';

/** Where rewards go: what a wallet is, the one that is linked, and how to link, change, stop or unlink one. */
export function WalletCard({ wallet }: { wallet: Wallet | null }) {
  const t = useText();
  const isOnline = useOnline();
  const session = useSession();
  const save = useWalletSaver();
  const [open, setOpen] = useState<'linking' | 'unlinking' | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isVerified = session.status === 'signed-in' && session.user.emailVerified;

  // Mails lead here; the router knows rooms and no places in them.
  useEffect(() => {
    if (location.hash === '#wallet') heading.current?.scrollIntoView();
  }, []);

  function done(after: Wallet | null, words: string) {
    save(after);
    setOpen(null);
    setSaid(words);
    announce(words);
    // What had the focus is gone.
    heading.current?.focus();
  }

  return (
    <section className="card stack wallet-card" id="wallet" aria-labelledby="wallet-title" data-testid="wallet-card">
      <h2 id="wallet-title" ref={heading} tabIndex={-1}>
        {t('wallet.title')}
      </h2>
      {said && (
        <Notice tone="good" announce={false}>
          {said}
        </Notice>
      )}
      {wallet ? (
        <Linked
          key={wallet.linkedAt}
          wallet={wallet}
          isOnline={isOnline}
          stopped={(after) => done(after, t('wallet.stopped'))}
        />
      ) : (
        <NoWallet />
      )}
      {!isOnline && (
        <Notice announce={false}>
          <p>{t('wallet.offline')}</p>
        </Notice>
      )}
      {open === 'linking' ? (
        <Linking
          isChange={wallet !== null}
          done={(linked) => done(linked, linkedText(linked, t))}
          close={() => setOpen(null)}
        />
      ) : (
        <div className="row">
          {isVerified && (
            <Button look={wallet ? 'quiet' : 'main'} disabled={!isOnline} onClick={() => setOpen('linking')}>
              {t(wallet ? 'wallet.change' : 'wallet.link')}
            </Button>
          )}
          {wallet && (
            <Button look="link" disabled={!isOnline} onClick={() => setOpen('unlinking')}>
              {t('wallet.unlink')}
            </Button>
          )}
        </div>
      )}
      {!isVerified && (
        <div className="stack" style={{ '--gap': '10px' }}>
          <p>{t('wallet.verifyFirst')}</p>
          <VerifyEmail />
        </div>
      )}
      {open === 'unlinking' && (
        <UnlinkWallet done={(after) => done(after, t('wallet.unlinked'))} close={() => setOpen(null)} />
      )}
    </section>
  );
}

function NoWallet() {
  const t = useText();
  return (
    <div className="stack" style={{ '--gap': '10px' }}>
      <p>{t('wallet.what')}</p>
      <p>{t('wallet.wait')}</p>
      <p>
        <strong>{t('wallet.safe')}</strong>
      </p>
    </div>
  );
}

function Linked(props: { wallet: Wallet; isOnline: boolean; stopped: (wallet: Wallet | null) => void }) {
  const { usableFrom, linkedAt } = props.wallet;
  // The first wallet is used at once, whatever this device takes the time to be.
  const isCooling = useIsBefore(usableFrom) && usableFrom !== linkedAt;
  return (
    <>
      <LinkedWallet wallet={props.wallet} isCooling={isCooling} />
      {isCooling && <CoolingWallet wallet={props.wallet} isOnline={props.isOnline} done={props.stopped} />}
    </>
  );
}

function Linking(props: { isChange: boolean; done: (wallet: Wallet) => void; close: () => void }) {
  const t = useText();
  const [isElsewhere, setIsElsewhere] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  // The button that opened this is gone: the keyboard goes on where the eye does.
  useEffect(() => place.current?.focus(), []);
  return (
    <div className="wallet-linking stack" ref={place} tabIndex={-1}>
      <p>{t('wallet.how')}</p>
      {props.isChange && (
        <>
          <p>
            <strong>{t('wallet.safe')}</strong>
          </p>
          <p className="soft">{t('wallet.changeWarning')}</p>
        </>
      )}
      {isElsewhere ? <SignElsewhere done={props.done} /> : <ConnectWallet done={props.done} />}
      <div className="row">
        <Button look="quiet" size="small" onClick={() => setIsElsewhere(!isElsewhere)}>
          {t(isElsewhere ? 'wallet.connect' : 'wallet.elsewhere')}
        </Button>
        <Button look="link" size="small" onClick={props.close}>
          {t('wallet.cancel')}
        </Button>
      </div>
    </div>
  );
}

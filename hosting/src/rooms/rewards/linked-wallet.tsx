import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import { shortAddress } from '../../../../functions/src/shared/short-address.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatDay, formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { networkName } from './wallet-words.ts';

/** The wallet that is linked, with its dates. */
export function LinkedWallet({ wallet, isCooling }: { wallet: Wallet; isCooling: boolean }) {
  const t = useText();
  return (
    <>
      <div className="wallet-address">
        <code data-testid="wallet-address" translate="no">
          {wallet.address}
        </code>
        <CopyButton text={wallet.address} what={t('wallet.address')} />
      </div>
      <p>
        <span className={`chip chip-${isCooling ? 'warn' : 'good'}`} data-testid="wallet-state">
          {t(isCooling ? 'wallet.waits' : 'wallet.good')}
        </span>
      </p>
      <dl className="facts">
        <div>
          <dt>{t('wallet.since')}</dt>
          <dd>{formatDay(wallet.linkedAt, t.locale)}</dd>
        </div>
        <div>
          <dt>{t('wallet.network')}</dt>
          <dd>{networkName(wallet.chainId, t)}</dd>
        </div>
        <div>
          <dt>{t('wallet.kind')}</dt>
          <dd>{t(`wallet.kind.${wallet.kind}`)}</dd>
        </div>
      </dl>
    </>
  );
}

/** A change that still waits: until when, and the way to stop it. */
export function CoolingWallet(props: { wallet: Wallet; isOnline: boolean; done: (wallet: Wallet | null) => void }) {
  const t = useText();
  const stop = useOperation('cancelWalletChange');
  const { usableFrom, previous } = props.wallet;
  async function act() {
    const answer = await stop.run({});
    if (answer) props.done(answer.wallet);
  }
  return (
    <Notice tone="warn" announce={false}>
      <div className="stack" style={{ '--gap': '10px' }}>
        <p>{t('wallet.cooling', { time: formatMoment(usableFrom, t.locale) })}</p>
        <p>
          {t('wallet.notYou')}{' '}
          {previous === null ? t('wallet.backToNone') : t('wallet.backTo', { address: shortAddress(previous) })}
        </p>
        <div>
          <Button look="quiet" size="small" busy={stop.busy} disabled={!props.isOnline} onClick={() => void act()}>
            {t('wallet.stop')}
          </Button>
        </div>
        <ErrorNotice error={stop.error} />
      </div>
    </Notice>
  );
}

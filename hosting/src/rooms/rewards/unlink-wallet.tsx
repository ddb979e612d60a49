import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import { useOperation } from '../../api/use-operation.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { ProveForWallet, wantsProof } from './prove-for-wallet.tsx';

/** Asks before a wallet is unlinked: the next one has to wait, which surprises who only meant to look. */
export function UnlinkWallet(props: { done: (wallet: Wallet | null) => void; close: () => void }) {
  const t = useText();
  const unlink = useOperation('unlinkWallet');
  async function act() {
    const answer = await unlink.run({});
    if (answer) props.done(answer.wallet);
  }
  return (
    <Dialog title={t('wallet.unlinkQuestion')} onClose={props.close}>
      {wantsProof(unlink.error) ? (
        <ProveForWallet proven={() => void act()} />
      ) : (
        <>
          <p>{t('wallet.unlinkText')}</p>
          <ErrorNotice error={unlink.error} />
          <div className="row">
            <Button look="bad" busy={unlink.busy} onClick={() => void act()}>
              {t('wallet.unlinkYes')}
            </Button>
            <Button look="quiet" onClick={props.close}>
              {t('wallet.unlinkNo')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

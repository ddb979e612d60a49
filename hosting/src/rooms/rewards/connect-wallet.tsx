import { useEffect, useRef, useState } from 'react';
import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import { useOperation } from '../../api/use-operation.ts';
import { useText } from '../../i18n/text.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProveForWallet, wantsProof } from './prove-for-wallet.tsx';
import { useBrowserWallets } from './use-browser-wallets.ts';
import type { FoundWallet } from './wallet-discovery.ts';
import { askForAccount, askForSignature, WalletProblem } from './wallet-questions.ts';
import { networkName } from './wallet-words.ts';

type Step = 'accounts' | 'message' | 'signing' | 'confirming';

/** Links a wallet of this browser: asks it for an account, then for a signature under the server's message. */
export function ConnectWallet(props: { done: (wallet: Wallet) => void }) {
  const t = useText();
  const { wallets, look } = useBrowserWallets();
  const start = useOperation('startWalletLink');
  const confirm = useOperation('confirmWalletLink');
  const [chosen, setChosen] = useState<FoundWallet | null>(null);
  const [step, setStep] = useState<Step | null>(null);
  const [problem, setProblem] = useState<WalletProblem | null>(null);
  const [chainId, setChainId] = useState<number | null>(null);
  // A wallet may answer long after the member left or chose another: what it says then counts no more.
  const turn = useRef(0);
  useEffect(() => () => void (turn.current += 1), []);

  async function connect(wallet: FoundWallet) {
    const mine = (turn.current += 1);
    const goOn = (next: Step) => {
      if (turn.current !== mine) throw new Gone();
      setStep(next);
      announce(t(`wallet.step.${next}`));
    };
    setChosen(wallet);
    setProblem(null);
    start.clear();
    confirm.clear();
    try {
      goOn('accounts');
      const account = await askForAccount(wallet.provider);
      goOn('message');
      // Some wallets write addresses with the checksum of another chain; without one there is nothing to disagree about.
      const challenge = await start.run({ address: account.toLowerCase() });
      if (!challenge) return;
      setChainId(challenge.chainId);
      goOn('signing');
      const signature = await askForSignature(wallet.provider, challenge.message, account);
      goOn('confirming');
      const answer = await confirm.run({ nonce: challenge.nonce, signature });
      if (answer?.wallet && turn.current === mine) props.done(answer.wallet);
    } catch (error) {
      if (turn.current === mine)
        setProblem(error instanceof WalletProblem ? error : new WalletProblem('failed', error));
    } finally {
      if (turn.current === mine) setStep(null);
    }
  }
  const retry = () => {
    if (chosen) void connect(chosen);
  };

  return (
    <section className="stack" aria-labelledby="wallet-connect">
      <h3 id="wallet-connect">{t('wallet.connect')}</h3>
      {wallets.length === 0 ? (
        <>
          <p className="soft">{t('wallet.noneFound')}</p>
          <div>
            <Button look="quiet" size="small" onClick={look}>
              {t('wallet.look')}
            </Button>
          </div>
        </>
      ) : (
        <ul className="wallet-choices">
          {wallets.map((wallet) => (
            <li key={wallet.id}>
              <Button
                look="quiet"
                wide
                busy={step !== null && chosen?.id === wallet.id}
                onClick={() => void connect(wallet)}
              >
                {wallet.icon === null ? (
                  <Icon name="phone" size={28} />
                ) : (
                  <img src={wallet.icon} alt="" width={28} height={28} />
                )}
                {wallet.name ?? t('wallet.browserWallet')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {step && (
        <p>
          {t(`wallet.step.${step}`)}{' '}
          {step === 'signing' && chainId !== null && t('wallet.messageOn', { network: networkName(chainId, t) })}
        </p>
      )}
      {wantsProof(start.error) && step === null && <ProveForWallet proven={retry} />}
      {!wantsProof(start.error) && <ErrorNotice error={start.error ?? confirm.error} retry={retry} />}
      {problem && (
        <Notice tone={problem.kind === 'refused' || problem.kind === 'waiting' ? 'warn' : 'bad'}>
          <p>{t(`wallet.problem.${problem.kind}`)}</p>
          <Button look="link" onClick={retry}>
            {t('common.tryAgain')}
          </Button>
        </Notice>
      )}
    </section>
  );
}

/** The member has left: nothing is to be said any more. */
class Gone extends Error {}

import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import type { OperationOutput } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatClock } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { ProveForWallet, wantsProof } from './prove-for-wallet.tsx';
import { readSignature } from './wallet-questions.ts';
import { networkName } from './wallet-words.ts';

type Challenge = OperationOutput<'startWalletLink'>;

/** Links a wallet that this browser can't reach: shows the message, takes the signature. */
export function SignElsewhere(props: { done: (wallet: Wallet) => void }) {
  const t = useText();
  const start = useOperation('startWalletLink');
  const [address, setAddress] = useState('');
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  async function fetchMessage() {
    const given = await start.run({ address: address.trim() });
    if (given) setChallenge(given);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void fetchMessage();
  }
  return (
    <section className="stack" aria-labelledby="wallet-elsewhere">
      <h3 id="wallet-elsewhere">{t('wallet.elsewhere')}</h3>
      <p className="soft">{t('wallet.elsewhereText')}</p>
      {challenge ? (
        <SignedMessage
          key={challenge.nonce}
          challenge={challenge}
          done={props.done}
          again={() => void fetchMessage()}
          other={() => setChallenge(null)}
        />
      ) : (
        <form className="stack" onSubmit={submit}>
          <Field
            label={t('wallet.yourAddress')}
            hint={t('wallet.addressHint')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={100}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
          <div>
            <Button type="submit" look="quiet" busy={start.busy}>
              {t('wallet.getMessage')}
            </Button>
          </div>
        </form>
      )}
      {wantsProof(start.error) ? (
        <ProveForWallet proven={() => void fetchMessage()} />
      ) : (
        <ErrorNotice error={start.error} />
      )}
    </section>
  );
}

/** After these only a new message helps. */
const overCodes = new Set<string>([
  'wallet.challenge_expired',
  'wallet.challenge_used',
  'wallet.wrong_chain',
  'not_found',
]);

function SignedMessage(props: {
  challenge: Challenge;
  done: (wallet: Wallet) => void;
  again: () => void;
  other: () => void;
}) {
  const t = useText();
  const { nonce, message, chainId, expiresAt } = props.challenge;
  const confirm = useOperation('confirmWalletLink');
  const [pasted, setPasted] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const isOver = confirm.error instanceof ApiError && overCodes.has(confirm.error.code);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const signature = readSignature(pasted);
    setIsMissing(signature === null);
    if (signature === null) return;
    const answer = await confirm.run({ nonce, signature });
    if (answer?.wallet) props.done(answer.wallet);
  }
  return (
    <>
      <div className="stack" style={{ '--gap': '8px' }}>
        <div className="wallet-message-head">
          <h4 id="wallet-message">{t('wallet.message')}</h4>
          <CopyButton text={message} what={t('wallet.message')} />
        </div>
        <pre
          className="wallet-message"
          aria-labelledby="wallet-message"
          role="group"
          tabIndex={0}
          lang="en"
          data-testid="wallet-message"
        >
          {message}
        </pre>
        <p className="soft small">
          {t('wallet.messageOn', { network: networkName(chainId, t) })}{' '}
          {t('wallet.until', { time: formatClock(expiresAt, t.locale) })}
        </p>
      </div>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('wallet.signature')}
          hint={t('wallet.signatureHint')}
          problem={isMissing ? t('wallet.signatureMissing') : null}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={pasted}
          onChange={(event) => setPasted(event.target.value)}
        />
        <ErrorNotice error={confirm.error} />
        <div className="row">
          {isOver ? (
            <Button onClick={props.again}>{t('wallet.again')}</Button>
          ) : (
            <Button type="submit" busy={confirm.busy}>
              {t('wallet.confirm')}
            </Button>
          )}
          <Button look="link" onClick={props.other}>
            {t('wallet.otherAddress')}
          </Button>
        </div>
      </form>
    </>
  );
}

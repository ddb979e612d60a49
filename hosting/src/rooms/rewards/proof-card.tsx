import { Link } from 'react-router';
import { getRewardProof } from '../../../../functions/src/shared/api/reward-proofs.ts';
import { toMoney } from '../../../../functions/src/shared/money.ts';
import { canonicalJson } from '../../../../functions/src/shared/proofs/proof-file.ts';
import type { ProofFile } from '../../../../functions/src/shared/proofs/statement.ts';
import { call } from '../../api/call.ts';
import { useSession } from '../../auth/session.ts';
import { formatExactTokens, formatTokens } from '../../format/money.ts';
import { formatCalendarDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { useLive } from '../../live/use-live.ts';
import { Button, ButtonAnchor } from '../../ui/button.tsx';
import { LiveView } from '../../ui/live-view.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import './proof-card.css';

/** The newest statement of what is owed, the member's own part of it, and the file that proves it to anybody. */
export function ProofCard() {
  const t = useText();
  const session = useSession();
  const uid = session.status === 'signed-in' ? session.user.uid : null;
  const live = useLive(
    {
      key: ['reward-proof'],
      target: null,
      schema: getRewardProof.output,
      fetch: (signal) => call('getRewardProof', {}, { signal }),
      keptFor: uid,
    },
    uid !== null,
  );
  return (
    <section className="card stack" aria-labelledby="proof" data-testid="proof-card">
      <h2 id="proof">{t('proof.title')}</h2>
      <p className="soft">{t('proof.text')}</p>
      <LiveView live={live} skeleton={<Skeleton height={120} />}>
        {({ file }) => (file ? <Proof file={file} /> : <p data-testid="proof-missing">{t('proof.missing')}</p>)}
      </LiveView>
      <p className="small">
        <Link to="/dotm">{t('proof.toToken')}</Link>
      </p>
    </section>
  );
}

function Proof({ file }: { file: ProofFile }) {
  const t = useText();
  const { statement, proof } = file;
  const { leaf } = proof;
  const exact = (wei: string) => formatExactTokens(toMoney('DOTM', BigInt(wei)), t.locale);
  const total = (wei: string) => formatTokens(toMoney('DOTM', BigInt(wei)), t.locale);
  const mine = String(BigInt(leaf.pending) + BigInt(leaf.vested) + BigInt(leaf.reserved));
  return (
    <>
      <dl className="facts proof-facts">
        <div>
          <dt>{t('proof.day')}</dt>
          <dd>{formatCalendarDay(statement.date, t.locale)}</dd>
        </div>
        <div>
          <dt>{t('proof.yours')}</dt>
          <dd className="num" data-testid="proof-yours">
            {exact(mine)}
          </dd>
        </div>
        {(['pending', 'vested', 'reserved'] as const)
          .filter((part) => leaf[part] !== '0')
          .map((part) => (
            <div key={part} className="proof-part">
              <dt>{t(`rewards.${part}`)}</dt>
              <dd className="num">{exact(leaf[part])}</dd>
            </div>
          ))}
        <div>
          <dt>{t('proof.everybody', { members: statement.leaves })}</dt>
          <dd className="num">{total(statement.totals.owed)}</dd>
        </div>
        <div>
          <dt>{t('proof.room')}</dt>
          <dd className="num">{total(statement.mayStillBeMinted)}</dd>
        </div>
        <div>
          <dt>{t('proof.member')}</dt>
          <dd className="mono">{leaf.member}</dd>
        </div>
      </dl>
      <div className="row">
        <Button onClick={() => saveFile(`dotm-proof-${statement.date}.json`, canonicalJson(file))}>
          {t('proof.download')}
        </Button>
        <ButtonAnchor look="quiet" href={`/verify/#lang=${t.locale}&member=${leaf.member}`} testId="proof-check">
          {t('proof.check')}
        </ButtonAnchor>
      </div>
      <p className="soft small">{t('proof.how')}</p>
    </>
  );
}

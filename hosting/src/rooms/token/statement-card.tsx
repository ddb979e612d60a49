import { toMoney } from '../../../../functions/src/shared/money.ts';
import { canonicalJson } from '../../../../functions/src/shared/proofs/proof-file.ts';
import type { SignedStatement } from '../../../../functions/src/shared/proofs/statement.ts';
import { formatTokens } from '../../format/money.ts';
import { formatCalendarDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Button, ButtonAnchor } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { saveFile } from '../../ui/save-file.ts';

/** The newest statement of what is owed: its claim, its root and who signed it, to be taken away and checked. */
export function StatementCard({ statement: signed }: { statement: SignedStatement | null }) {
  const t = useText();
  return (
    <section className="card stack" aria-labelledby="token-statement" data-testid="token-statement">
      <h2 id="token-statement">{t('token.statement')}</h2>
      <p className="soft">{t('token.statementText')}</p>
      {signed === null ? <p>{t('token.noStatement')}</p> : <Stated signed={signed} />}
    </section>
  );
}

function Stated({ signed }: { signed: SignedStatement }) {
  const t = useText();
  const { statement, signature } = signed;
  const { owed } = statement.totals;
  const covered = BigInt(owed) <= BigInt(statement.mayStillBeMinted);
  const amount = (wei: string) => formatTokens(toMoney('DOTM', BigInt(wei)), t.locale);
  const facts: [string, string][] = [
    [t('token.day'), formatCalendarDay(statement.date, t.locale)],
    [t('token.members'), statement.leaves.toLocaleString(t.locale)],
    [t('token.root'), statement.root],
    [t('token.signedBy'), signature.signer],
  ];
  return (
    <>
      <Notice tone={covered ? 'good' : 'bad'} announce={false}>
        {t(covered ? 'token.covered' : 'token.notCovered', {
          owed: amount(owed),
          room: amount(statement.mayStillBeMinted),
        })}
      </Notice>
      <dl className="token-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={value.startsWith('0x') ? 'mono' : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        <ButtonAnchor look="quiet" href={`/verify/#lang=${t.locale}`}>
          {t('token.check')}
        </ButtonAnchor>
        <Button look="link" onClick={() => saveFile(`dotm-statement-${statement.date}.json`, canonicalJson(signed))}>
          {t('token.download')}
        </Button>
      </div>
    </>
  );
}

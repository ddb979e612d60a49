import type { DistributionReport } from '../../../../../functions/src/shared/api/distribution.ts';
import { formatTokens } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { CheckList } from './check-list.tsx';
import { shortDecimal } from './distribution-words.ts';

/** What a payment would be: its sums, what stands in its way, what waits, its largest entries, its gas. */
export function ReportView(props: { report: DistributionReport }) {
  const t = useText();
  const { report } = props;
  const count = (value: number) => new Intl.NumberFormat(t.locale).format(value);
  return (
    <div className="report">
      <section className="card">
        <dl className="run-sums">
          <Sum name={t('payments.total')} value={formatTokens(report.total, t.locale)} />
          <Sum name={t('payments.members')} value={count(report.recipients)} />
          <Sum name={t('payments.batches')} value={count(report.batches)} />
        </dl>
      </section>
      <section className="card stack" aria-labelledby="report-checks">
        <h3 id="report-checks">{t('payments.checks')}</h3>
        <CheckList checks={report.checks} />
      </section>
      <Gas report={report} />
      {report.waiting.length > 0 && <Waiting waiting={report.waiting} />}
      {report.largest.length > 0 && (
        <section className="card stack" aria-labelledby="report-largest">
          <h3 id="report-largest">{t('payments.largest')}</h3>
          <dl className="facts">
            {report.largest.map(({ wallet, amount }, index) => (
              <div key={index}>
                <dt className="mono">{wallet}</dt>
                <dd className="num">{formatTokens(amount, t.locale)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}

function Sum(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd className="num">{props.value}</dd>
    </div>
  );
}

function Gas(props: { report: DistributionReport }) {
  const t = useText();
  const { gas } = props.report;
  if (gas === null) return null;
  const ether = (amount: string) => t('payments.ether', { amount: shortDecimal(amount, t.locale) });
  return (
    <section className="card stack" aria-labelledby="report-gas">
      <h3 id="report-gas">{t('payments.gas')}</h3>
      <dl className="facts">
        <div>
          <dt>{t('payments.gasNow', { fee: shortDecimal(gas.feeGwei, t.locale) })}</dt>
          <dd className="num">{ether(gas.costEther)}</dd>
        </div>
        <div>
          <dt>{t('payments.gasCeiling', { fee: shortDecimal(gas.ceilingGwei, t.locale) })}</dt>
          <dd className="num">{ether(gas.costAtCeilingEther)}</dd>
        </div>
      </dl>
    </section>
  );
}

function Waiting(props: { waiting: DistributionReport['waiting'] }) {
  const t = useText();
  return (
    <section className="card stack" aria-labelledby="report-waiting">
      <h3 id="report-waiting">{t('payments.waiting')}</h3>
      <dl className="facts">
        {props.waiting.map(({ reason, members, total }) => (
          <div key={reason}>
            <dt>
              {t(`payments.waiting.${reason}`)}{' '}
              <span className="small">({t('payments.waiting.members', { count: members })})</span>
            </dt>
            <dd className="num">{formatTokens(total, t.locale)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

import type { Line } from '../../../../functions/src/shared/api/orders.ts';
import { bytesOf, formatData, percentLeft } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';

/** How much data is left of what was bought. */
export function DataGauge(props: { line: Line }) {
  const t = useText();
  const { dataRemaining, dataGranted } = props.line;
  if (bytesOf(dataGranted) <= 0n) return <p className="soft">{t('esim.noData')}</p>;
  const left = formatData(bytesOf(dataRemaining), t.locale);
  const of = formatData(bytesOf(dataGranted), t.locale);
  const percent = percentLeft(dataRemaining, dataGranted);
  return (
    <div className="gauge">
      <p>
        <span className="gauge-left num">{left}</span> <span className="soft">{t('esim.dataLeft', { of })}</span>
      </p>
      <div
        role="meter"
        className={percent < 10 ? 'gauge-bar gauge-low' : 'gauge-bar'}
        aria-label={t('esim.dataLabel')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
        aria-valuetext={t('esim.dataOf', { left, of })}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

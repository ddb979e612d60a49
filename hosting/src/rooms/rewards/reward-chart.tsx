import type { RewardPoint } from '../../../../functions/src/shared/api/rewards.ts';
import { toMoney } from '../../../../functions/src/shared/money.ts';
import { formatTokens } from '../../format/money.ts';
import { formatCalendarDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { chartBands, chartShape, chartSize } from './reward-chart-shape.ts';
import './reward-chart.css';

/** Where the member's tokens were over time: a picture, its sense in a sentence, and the same as a table. */
export function RewardChart({ points }: { points: RewardPoint[] }) {
  const t = useText();
  const today = new Date().toISOString().slice(0, 10);
  // Of the first day there is no course of things to see; the history below says the same.
  if (points.every(({ day }) => day >= today)) return null;
  const { bands, topWei, firstDay, lastDay } = chartShape(points, today);
  const tokens = (amount: string) => formatTokens({ unit: 'DOTM', amount }, t.locale);
  const day = (iso: string) => formatCalendarDay(iso, t.locale);
  const last = points.at(-1)!;
  const summary = t('rewards.chart.summary', {
    from: day(firstDay),
    to: day(lastDay),
    ...Object.fromEntries(chartBands.map((band) => [band, tokens(last[band])])),
  });
  return (
    <section className="stack" aria-labelledby="reward-chart">
      <h2 id="reward-chart">{t('rewards.chart.title')}</h2>
      <figure className="reward-chart">
        <div className="reward-chart-picture">
          <span className="reward-chart-top soft small num" aria-hidden="true">
            {formatTokens(toMoney('DOTM', topWei), t.locale)}
          </span>
          <svg
            role="img"
            aria-label={summary}
            viewBox={`0 0 ${chartSize.width} ${chartSize.height}`}
            preserveAspectRatio="none"
          >
            {bands.map(({ band, path }) => (
              <path key={band} d={path} className={`band band-${band}`} />
            ))}
          </svg>
          <p className="reward-chart-days soft small" aria-hidden="true">
            <span>{day(firstDay)}</span>
            <span>{day(lastDay)}</span>
          </p>
        </div>
        <figcaption>
          <ul className="reward-chart-legend">
            {bands.toReversed().map(({ band }) => (
              <li key={band} className={`small legend-${band}`}>
                {t(`rewards.${band}`)}
              </li>
            ))}
          </ul>
        </figcaption>
      </figure>
      <details>
        <summary>{t('rewards.chart.table')}</summary>
        <div className="reward-chart-table" role="group" tabIndex={0} aria-label={t('rewards.chart.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('rewards.chart.day')}</th>
                {chartBands.toReversed().map((band) => (
                  <th key={band} scope="col">
                    {t(`rewards.${band}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map((point) => (
                <tr key={point.day}>
                  <th scope="row">{day(point.day)}</th>
                  {chartBands.toReversed().map((band) => (
                    <td key={band} className="num">
                      {tokens(point[band])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

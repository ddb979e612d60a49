import type { batchStates, DistributionRunView } from '../../../../../functions/src/shared/api/distribution.ts';
import { useText } from '../../../i18n/text.ts';
import { countBatches } from './distribution-words.ts';

/** From what is certain to what is to come, as the bar fills up. */
const order = [
  'confirmed',
  'signed',
  'planned',
  'conflict',
  'released',
] as const satisfies readonly (typeof batchStates)[number][];

/** How far a payment is: a bar with a part for each state of its batches, and what the parts mean. */
export function BatchBar(props: { batches: DistributionRunView['batches'] }) {
  const t = useText();
  const { batches } = props;
  const count = countBatches(batches);
  const present = order.filter((state) => batches[state] > 0);
  if (count === 0) return null;
  return (
    <div className="stack" style={{ '--gap': '8px' }}>
      <div
        className="batch-bar"
        role="progressbar"
        aria-label={t('payments.batches')}
        aria-valuemin={0}
        aria-valuemax={count}
        aria-valuenow={batches.confirmed}
        aria-valuetext={t('payments.progress', { confirmed: batches.confirmed, count })}
      >
        {present.map((state) => (
          <span key={state} className={`batch-part batch-${state}`} style={{ flexGrow: batches[state] }} />
        ))}
      </div>
      <ul className="batch-legend small">
        {present.map((state) => (
          <li key={state}>
            <span className={`batch-dot batch-${state}`} aria-hidden="true" />
            {t(`payments.batch.${state}`)} <span className="num">{batches[state]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

import type { DistributionBatchView } from '../../../../../functions/src/shared/api/distribution.ts';
import { formatTokens } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { batchTones } from './distribution-words.ts';

const columns = ['batch', 'state', 'members', 'total', 'transaction', 'block'] as const;

/** The batches of a payment, each one transaction on the chain. On a phone each is a card of its own. */
export function BatchTable(props: {
  batches: readonly DistributionBatchView[];
  release: (batch: DistributionBatchView) => void;
}) {
  const t = useText();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('payments.batches')}>
      <table className="batch-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`payments.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.batches.map((batch) => (
            <tr key={batch.id}>
              <th scope="row" className="num">
                {batch.id}
              </th>
              <td data-column={t('payments.column.state')}>
                <div className="row">
                  <span className={`chip chip-${batchTones[batch.state]}`}>{t(`payments.batch.${batch.state}`)}</span>
                  {batch.mayRelease && (
                    <Button size="small" look="quiet" onClick={() => props.release(batch)}>
                      {t('payments.release')}
                      <span className="sr-only"> {t('payments.releaseWhich', { batch: batch.id })}</span>
                    </Button>
                  )}
                  {batch.releasedBecause !== null && <span className="soft small">{batch.releasedBecause}</span>}
                </div>
              </td>
              <td className="num" data-column={t('payments.column.members')}>
                {batch.entries}
              </td>
              <td className="num" data-column={t('payments.column.total')}>
                {formatTokens(batch.total, t.locale)}
              </td>
              <td data-column={t('payments.column.transaction')}>
                <Transaction batch={batch} />
              </td>
              <td className="num" data-column={t('payments.column.block')}>
                {batch.block ?? '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Transaction(props: { batch: DistributionBatchView }) {
  const t = useText();
  const { id, transaction, attempts } = props.batch;
  if (transaction === null) return '–';
  const short = `${transaction.hash.slice(0, 10)}…`;
  return (
    <span>
      {transaction.url === null ? (
        <span className="mono" title={transaction.hash}>
          {short}
        </span>
      ) : (
        <a
          className="mono"
          href={transaction.url}
          target="_blank"
          rel="noreferrer"
          aria-label={t('payments.showTransaction', { batch: id })}
        >
          {short}
        </a>
      )}
      {attempts > 1 && <span className="soft small"> {t('payments.attempts', { count: attempts })}</span>}
    </span>
  );
}

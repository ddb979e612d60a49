import type { Order, OrderEvent } from '../../../../functions/src/shared/api/orders.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { proofsOf, stepTitle } from './evidence.ts';

type Tone = 'good' | 'bad' | 'back' | 'plain';

const tones: Partial<Record<OrderEvent['kind'], Tone>> = {
  paid: 'good',
  released: 'good',
  installed: 'good',
  activated: 'good',
  membership_activated: 'good',
  dispute_won: 'good',
  payment_declined: 'bad',
  payment_failed: 'bad',
  refund_failed: 'bad',
  dispute_opened: 'bad',
  dispute_lost: 'bad',
  refund_started: 'back',
  refunded: 'back',
  refunded_in_part: 'back',
  credit_returned: 'back',
};

/** Every step of the order, oldest first, each with the proof that it happened. */
export function Timeline(props: { order: Order }) {
  const t = useText();
  const upcoming = props.order.state === 'paid' || props.order.state === 'provisioning';
  return (
    <section className="card" aria-labelledby="timeline">
      <h2 id="timeline" className="card-title">
        {t('order.timeline')}
      </h2>
      <ol className="timeline">
        {props.order.timeline.map((event, index) => (
          <Step key={`${event.kind}-${event.at}-${index}`} event={event} />
        ))}
        {upcoming && (
          <li className="timeline-next">
            <p className="soft">{t('order.next')}</p>
          </li>
        )}
      </ol>
    </section>
  );
}

function Step(props: { event: OrderEvent }) {
  const t = useText();
  const { event } = props;
  const proofs = proofsOf(event, t);
  return (
    <li className={`timeline-${tones[event.kind] ?? 'plain'}`} data-testid={`timeline-${event.kind}`}>
      <p>
        <strong>{stepTitle(event, t)}</strong>
        <time dateTime={event.at} className="soft small num">
          {formatMoment(event.at, t.locale)}
        </time>
      </p>
      {proofs.length > 0 && (
        <details className="proof">
          <summary className="small">{t('order.proof')}</summary>
          <dl>
            {proofs.map(({ name, value }) => (
              <div key={name}>
                <dt className="soft small">{name}</dt>
                <dd className="mono small">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

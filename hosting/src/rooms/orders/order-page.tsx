import { useEffect, useRef } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { idSchema } from '../../../../functions/src/shared/ids.ts';
import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { useText } from '../../i18n/text.ts';
import { useOrder } from '../../live/sources.ts';
import { announce } from '../../ui/announcer.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import NotFound from '../not-found/not-found.tsx';
import { stepTitle } from './evidence.ts';
import { OrderEsim } from './order-esim.tsx';
import { OrderState } from './order-state.tsx';
import { OrderSummary } from './order-summary.tsx';
import { orderTitle } from './order-words.ts';
import { Timeline } from './timeline.tsx';
import './orders.css';

/** One order, live: where it stands, what happens next, every step with its proof, and the eSIM as soon as there is one. */
export default function OrderPage() {
  const { orderId } = useParams();
  const id = idSchema('order').safeParse(orderId);
  return id.success ? <KnownOrder key={id.data} orderId={id.data} /> : <NotFound />;
}

function KnownOrder(props: { orderId: Order['id'] }) {
  const t = useText();
  const order = useOrder(props.orderId);
  const [search] = useSearchParams();
  const back = search.get('checkout');
  useSpokenSteps(order.data);
  if (order.status === 'missing') return <NotFound />;

  return (
    <Page
      title={order.data ? orderTitle(order.data, t) : t('order.title')}
      intro={<Link to="/orders">{t('order.all')}</Link>}
    >
      <LiveView live={order}>
        {(data) => (
          <div className="order">
            <div className="stack" style={{ '--gap': '24px' }}>
              <OrderState order={data} returned={back === 'done' || back === 'cancelled' ? back : null} />
              <OrderEsim order={data} />
            </div>
            <div className="stack" style={{ '--gap': '24px' }}>
              <Timeline order={data} />
              <OrderSummary order={data} />
              <LastUpdated live={order} />
            </div>
          </div>
        )}
      </LiveView>
    </Page>
  );
}

/** Has a screen reader say each step that happens while the page is open; those from before are read on the page. */
function useSpokenSteps(order: Order | undefined): void {
  const t = useText();
  const known = useRef<number | null>(null);
  useEffect(() => {
    if (!order) return;
    const before = known.current;
    known.current = order.timeline.length;
    if (before === null || order.timeline.length <= before) return;
    const steps = order.timeline.slice(before).map((event) => stepTitle(event, t));
    announce(steps.join('. '));
  }, [order, t]);
}

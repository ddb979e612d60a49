import { useState } from 'react';
import { Link } from 'react-router';
import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { call } from '../../api/call.ts';
import { formatPrice } from '../../format/money.ts';
import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { useOrders } from '../../live/sources.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { faceTone, orderFace, orderTitle } from './order-words.ts';
import './orders.css';

/** All orders of the member, newest first. */
export default function OrderList() {
  const t = useText();
  const orders = useOrders();
  return (
    <Page title={t('orders.title')} intro={t('orders.intro')}>
      <LiveView live={orders}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t('orders.emptyTitle')} text={t('orders.emptyText')}>
              <ButtonLink to="/plans">{t('landing.choose')}</ButtonLink>
            </Empty>
          ) : (
            <div className="stack">
              <OrderRows orders={list} />
              <Older after={list} />
              <LastUpdated live={orders} />
            </div>
          )
        }
      </LiveView>
    </Page>
  );
}

function OrderRows(props: { orders: Order[] }) {
  const t = useText();
  return (
    <ul className="order-rows">
      {props.orders.map((order) => {
        const face = orderFace(order, false);
        return (
          <li key={order.id}>
            <Link to={`/orders/${order.id}`} className="order-row">
              <strong>{orderTitle(order, t)}</strong>
              <span className="soft small">{formatDay(order.createdAt, t.locale)}</span>
              <span className="num order-row-price">{formatPrice(order.total, t.locale)}</span>
              <span className={`chip chip-${faceTone(face)}`}>{t(`order.chip.${face}`)}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** A full first page may have older ones behind it; they are history and need no live updates. */
function Older(props: { after: Order[] }) {
  const t = useText();
  const [older, setOlder] = useState<Order[]>([]);
  const [end, setEnd] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const cursor = (older.at(-1) ?? props.after.at(-1))?.id;
  if (props.after.length < 20 || cursor === undefined) return null;

  async function more() {
    setBusy(true);
    setError(null);
    try {
      const page = await call('listOrders', { cursor: String(cursor) });
      setOlder([...older, ...page.orders]);
      setEnd(page.nextCursor === null);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <OrderRows orders={older} />
      <ErrorNotice error={error} />
      {!end && (
        <Button look="quiet" busy={busy} onClick={() => void more()}>
          {t('orders.older')}
        </Button>
      )}
    </>
  );
}

import { Link } from 'react-router';
import type { Line } from '../../../../functions/src/shared/api/orders.ts';
import { useText } from '../../i18n/text.ts';
import { useLines, useOrders } from '../../live/sources.ts';
import { orderIsMoving } from '../../live/order-of-states.ts';
import { PhonePicture } from '../../pictures/phone.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { DataGauge } from './data-gauge.tsx';
import { lineTone, readableNumber } from './line-words.ts';
import './esim.css';

/** The member's eSIMs: what a traveller opens first. */
export default function EsimList() {
  const t = useText();
  const lines = useLines();
  return (
    <Page title={t('esim.listTitle')} intro={t('esim.listIntro')}>
      <div className="stack">
        <OnTheWay />
        <LiveView live={lines}>
          {(list) =>
            list.length === 0 ? (
              <Empty title={t('esim.emptyTitle')} text={t('esim.emptyText')} picture={<PhonePicture screen="add" />}>
                <ButtonLink to="/plans">{t('landing.choose')}</ButtonLink>
              </Empty>
            ) : (
              <>
                <ul className="line-cards">
                  {list.map((line) => (
                    <li key={line.id}>
                      <LineCard line={line} />
                    </li>
                  ))}
                </ul>
                <LastUpdated live={lines} />
              </>
            )
          }
        </LiveView>
      </div>
    </Page>
  );
}

/** An order in motion has no line yet; without this a buyer who comes here would think that nothing happened. */
function OnTheWay() {
  const t = useText();
  const orders = useOrders();
  const moving = orders.data?.filter((order) => order.state !== 'created' && orderIsMoving(order)) ?? [];
  return moving.map((order) => (
    <Notice key={order.id}>
      {t('esim.onTheWay')} <Link to={`/orders/${order.id}`}>{t('esim.watch')}</Link>
    </Notice>
  ));
}

function LineCard(props: { line: Line }) {
  const t = useText();
  const { line } = props;
  return (
    <article className="card line-card">
      <div className="line-card-head">
        <h2 className="num">
          {line.phoneNumber === null ? t('esim.numberPending') : readableNumber(line.phoneNumber)}
        </h2>
        <span className={`chip chip-${lineTone(line.state)}`}>{t(`esim.state.${line.state}`)}</span>
      </div>
      <DataGauge line={line} />
      <ButtonLink to={`/esim/${line.id}`} look={line.state === 'released' ? 'main' : 'quiet'}>
        {t(line.state === 'released' ? 'esim.installNow' : 'esim.open')}
      </ButtonLink>
    </article>
  );
}

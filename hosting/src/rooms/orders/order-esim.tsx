import type { Line, Order } from '../../../../functions/src/shared/api/orders.ts';
import { useText } from '../../i18n/text.ts';
import { useLine } from '../../live/sources.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { LiveView } from '../../ui/live-view.tsx';
import { InstallPanel } from '../esim/install-panel.tsx';

/** The eSIM of an order in place, from the moment that it is ready: nobody has to look for it. */
export function OrderEsim(props: { order: Order }) {
  const { order } = props;
  if (order.lineId === null || !['released', 'installed', 'active'].includes(order.state)) return null;
  return <ReadyEsim lineId={order.lineId} />;
}

function ReadyEsim(props: { lineId: Line['id'] }) {
  const t = useText();
  const line = useLine(props.lineId);
  return (
    <LiveView live={line}>
      {(data) => (
        <>
          <InstallPanel line={data} />
          <p>
            <ButtonLink to={`/esim/${data.id}`} look="quiet" size="small">
              {t('order.toLine')}
            </ButtonLink>
          </p>
        </>
      )}
    </LiveView>
  );
}

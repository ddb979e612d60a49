import { Link, useParams } from 'react-router';
import { idSchema } from '../../../../functions/src/shared/ids.ts';
import type { Line } from '../../../../functions/src/shared/api/orders.ts';
import { useText } from '../../i18n/text.ts';
import { useLine } from '../../live/sources.ts';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import NotFound from '../not-found/not-found.tsx';
import { DataGauge } from './data-gauge.tsx';
import { InstallPanel } from './install-panel.tsx';
import { lineTone, readableNumber } from './line-words.ts';
import './esim.css';

/** One eSIM: its number, its data, and everything that installs it. Works from the disk cache without network. */
export default function EsimPage() {
  const { lineId } = useParams();
  const id = idSchema('line').safeParse(lineId);
  return id.success ? <KnownLine key={id.data} lineId={id.data} /> : <NotFound />;
}

function KnownLine(props: { lineId: Line['id'] }) {
  const t = useText();
  const line = useLine(props.lineId);
  if (line.status === 'missing') return <NotFound />;
  return (
    <Page title={t('esim.title')} intro={<Link to="/esim">{t('esim.all')}</Link>}>
      <LiveView live={line}>
        {(data) => (
          <div className="esim">
            <div className="stack esim-side">
              <Facts line={data} />
              <LastUpdated live={line} />
            </div>
            <InstallPanel line={data} />
          </div>
        )}
      </LiveView>
    </Page>
  );
}

function Facts(props: { line: Line }) {
  const t = useText();
  const { line } = props;
  return (
    <section className="card stack" aria-labelledby="line-facts" style={{ '--gap': '20px' }}>
      <div className="line-card-head">
        <h2 id="line-facts" className="num">
          {line.phoneNumber === null ? t('esim.numberPending') : readableNumber(line.phoneNumber)}
        </h2>
        <span className={`chip chip-${lineTone(line.state)}`}>{t(`esim.state.${line.state}`)}</span>
      </div>
      {line.phoneNumber === null && <p className="soft">{t('esim.numberPendingText')}</p>}
      <DataGauge line={line} />
      {line.iccid !== null && (
        <p className="soft small">
          {t('esim.iccid')} <span className="mono">{line.iccid}</span>
        </p>
      )}
    </section>
  );
}

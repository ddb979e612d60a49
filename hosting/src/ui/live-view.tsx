import type { ReactNode } from 'react';
import { useOnline } from '../api/connection.ts';
import { formatMoment } from '../format/time.ts';
import { useText } from '../i18n/text.ts';
import type { Live } from '../live/use-live.ts';
import { Button } from './button.tsx';
import { Empty } from './empty.tsx';
import { ErrorNotice } from './notice.tsx';
import { CardsSkeleton } from './skeleton.tsx';

/** Shows a live value, or in its place what keeps it from being shown: loading, missing, offline, failed. */
export function LiveView<T>(props: {
  live: Live<T>;
  missing?: ReactNode;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const t = useText();
  const { live } = props;
  if (live.data !== undefined) return props.children(live.data);
  switch (live.status) {
    case 'missing':
      return props.missing ?? <Empty title={t('missing.title')} text={t('missing.text')} />;
    case 'offline':
      return (
        <Empty title={t('offline.emptyTitle')} text={t('offline.emptyText')}>
          <Button look="quiet" onClick={live.refetch}>
            {t('common.tryAgain')}
          </Button>
        </Empty>
      );
    case 'failed':
      return <ErrorNotice error={live.error} retry={live.refetch} />;
    default:
      return props.skeleton ?? <CardsSkeleton count={2} />;
  }
}

/** Says when the shown value was last confirmed: always offline, quietly otherwise. */
export function LastUpdated(props: { live: Live<unknown> }) {
  const t = useText();
  const online = useOnline();
  if (props.live.updatedAt === 0) return null;
  const at = formatMoment(props.live.updatedAt, t.locale);
  return <p className="soft small">{online ? t('live.updated', { at }) : t('live.updatedOffline', { at })}</p>;
}

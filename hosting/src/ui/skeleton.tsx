import { useText } from '../i18n/text.ts';

/** Grey bars in the shape of what is coming. */
export function Skeleton(props: { width?: string; height?: number }) {
  return <span className="skeleton" style={{ width: props.width ?? '100%', height: props.height ?? 18 }} />;
}

/** A page that is being fetched. */
export function PageSkeleton() {
  const t = useText();
  return (
    <main id="main" aria-busy="true">
      <p className="sr-only" role="status">
        {t('common.loading')}
      </p>
      <div className="stack" aria-hidden="true" style={{ maxWidth: '46rem' }}>
        <Skeleton width="55%" height={44} />
        <Skeleton width="80%" />
        <CardsSkeleton count={2} />
      </div>
    </main>
  );
}

/** Cards that are being fetched. */
export function CardsSkeleton(props: { count: number }) {
  const t = useText();
  return (
    <div className="stack">
      <p className="sr-only" role="status">
        {t('common.loading')}
      </p>
      {Array.from({ length: props.count }, (_, index) => (
        <div className="card stack" aria-hidden="true" key={index}>
          <Skeleton width="38%" height={26} />
          <Skeleton />
          <Skeleton width="70%" />
        </div>
      ))}
    </div>
  );
}

import { Suspense } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { RequireSession } from './auth/require-session.tsx';
import { useText } from './i18n/text.ts';
import { rooms } from './rooms.ts';
import { Shell } from './shell/shell.tsx';
import { Button } from './ui/button.tsx';
import { Empty } from './ui/empty.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { PageSkeleton } from './ui/skeleton.tsx';

/** The whole app: the shell, and in it the room of the current path. */
export function App() {
  const { pathname } = useLocation();
  return (
    <Shell>
      <ErrorBoundary resetKey={pathname} fallback={(retry) => <RoomFailed retry={retry} />}>
        <Suspense fallback={<PageSkeleton />}>
          <Routes>
            {rooms.map(({ path, Room, door }) => (
              <Route
                key={path}
                path={path}
                element={
                  door === null ? (
                    <Room />
                  ) : (
                    <RequireSession door={door}>
                      <Room />
                    </RequireSession>
                  )
                }
              />
            ))}
          </Routes>
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function RoomFailed(props: { retry: () => void }) {
  const t = useText();
  return (
    <main id="main" tabIndex={-1}>
      <Empty title={t('crash.title')} text={t('crash.text')}>
        <div className="row">
          <Button onClick={props.retry}>{t('common.tryAgain')}</Button>
          <Button look="quiet" onClick={() => location.reload()}>
            {t('common.reload')}
          </Button>
        </div>
      </Empty>
    </main>
  );
}

import { useEffect } from 'react';
import type { VoiceMessage } from '../../../../functions/src/shared/api/voice.ts';
import { useText } from '../../i18n/text.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LiveView } from '../../ui/live-view.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Pickers } from '../../voice/pickers.tsx';
import { PlayerPanel } from '../../voice/player-panel.tsx';
import type { Studio } from '../../voice/studio.ts';
import { useCurrentMessage, useDeskState, usePlayerState, useStudio } from '../../voice/use-studio.ts';
import '../../voice/voice.css';
import { MessageHistory } from './message-history.tsx';
import { UpNext } from './up-next.tsx';
import './messages.css';

/** Voice messages: the one that comes next, how it is said, and everything heard before. */
export default function Messages() {
  const t = useText();
  const studio = useStudio();
  const current = useCurrentMessage();
  const isOut = current.data === undefined && current.status === 'offline';
  return (
    <Page title={t('voice.title')} intro={t('voice.intro')}>
      {studio &&
        (isOut ? (
          <NothingHere />
        ) : (
          <LiveView live={current} skeleton={<PlayerSkeleton />}>
            {(message) => <Listening studio={studio} current={message} />}
          </LiveView>
        ))}
    </Page>
  );
}

function Listening(props: { studio: Studio; current: VoiceMessage }) {
  const { studio, current } = props;
  const { message } = usePlayerState(studio);
  const { error } = useDeskState(studio);

  useEffect(() => {
    studio.desk.offer(current);
  }, [studio, current]);

  return (
    <div className="messages">
      <div className="stack">
        <PlayerPanel studio={studio} after={<UpNext studio={studio} current={current} />} />
        <ErrorNotice error={error} retry={() => void studio.desk.askAgain()} />
      </div>
      <aside className="messages-side">
        <Pickers studio={studio} />
        {message && (
          <p className="soft" lang={message.language} dir={message.direction}>
            {message.more}
          </p>
        )}
        <MessageHistory studio={studio} />
      </aside>
    </div>
  );
}

function NothingHere() {
  const t = useText();
  return (
    <Empty title={t('voice.offlineTitle')} text={t('voice.offlineText')}>
      <ButtonLink to="/esim" look="quiet">
        {t('nav.esim')}
      </ButtonLink>
    </Empty>
  );
}

function PlayerSkeleton() {
  const t = useText();
  return (
    <div className="messages">
      <p className="sr-only" role="status">
        {t('common.loading')}
      </p>
      <div aria-hidden="true">
        <Skeleton height={520} />
      </div>
      <div className="stack" aria-hidden="true">
        <Skeleton height={52} />
        <Skeleton height={48} />
      </div>
    </div>
  );
}

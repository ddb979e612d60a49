import { useEffect, useId, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import { useText } from '../i18n/text.ts';
import { keepAnswer, keptAnswer } from '../live/kept.ts';
import { Button } from '../ui/button.tsx';
import { Glyph } from './glyph.tsx';
import { lengthOfMessage } from './message.ts';
import { showInMediaSession } from './media-session.ts';
import type { Studio } from './studio.ts';
import { useCurrentMessage, usePlayerState, useStudio } from './use-studio.ts';
import { clockOf, statusText } from './voice-words.ts';
import './voice.css';

/** The room of messages shows the big player itself. */
const room = '/messages';
/** Where somebody who just arrived may be told of a message. Nobody is disturbed while paying or reading an order. */
const quietPlaces = ['/', '/esim', '/rewards', '/account'];
const laterKey = 'voice.later';

/**
 * The player in the shell: it outlives changes of room. Outside its own room it is a small bar while something is open, and before that a quiet
 * card for who has a message. Loaded on its own, after the page.
 */
export default function VoiceDock() {
  const studio = useStudio();
  return studio === null ? null : <Dock studio={studio} />;
}

function Dock(props: { studio: Studio }) {
  const t = useText();
  const { studio } = props;
  const { pathname } = useLocation();
  const state = usePlayerState(studio);
  const current = useCurrentMessage().data;
  const [later, setLater] = useState(() => keptAnswer(laterKey));
  const { message } = state;
  const isOpen = message !== null && (state.started || state.phase !== 'paused' || state.failure !== null);
  // The button that was pressed gives way to the bar: the keyboard goes on there, once.
  const wasPressed = useRef(false);
  useEffect(() => {
    if (isOpen) wasPressed.current = false;
  }, [isOpen]);

  useEffect(() => {
    if (current) studio.desk.receive(current);
  }, [studio, current]);

  useEffect(() => {
    return showInMediaSession(studio.player, () => {
      const open = studio.player.getState().message;
      return {
        title: open ? t(`voice.titles.${open.messageId}`) : '',
        artist: open ? t(`voice.kinds.${open.kind}`) : '',
      };
    });
  }, [studio, t]);

  if (pathname === room) return null;
  if (isOpen) return <Bar studio={studio} message={message} takesFocus={wasPressed.current} />;
  const isNew = current?.state === 'new' && current.messageId !== later && quietPlaces.includes(pathname);
  if (!isNew) return null;
  return (
    <Card
      message={current}
      onPlay={() => {
        wasPressed.current = true;
        studio.desk.open(current, true);
      }}
      onLater={() => {
        keepAnswer(laterKey, current.messageId);
        setLater(current.messageId);
        focusPage();
      }}
    />
  );
}

/** What had the focus is about to go: without this a keyboard would begin anew at the top of the document. */
function focusPage(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
}

function Bar(props: { studio: Studio; message: VoiceMessage; takesFocus: boolean }) {
  const t = useText();
  const { studio, message } = props;
  const { player } = studio;
  const state = usePlayerState(studio);
  const id = useId();
  const wants = state.phase === 'playing' || state.phase === 'loading' || state.phase === 'waiting';
  const asks = state.phase === 'asking';
  const title = t(`voice.titles.${message.messageId}`);
  const status = statusText(state, t);
  const deed = asks
    ? 'voice.saverPlay'
    : wants
      ? 'voice.pause'
      : state.phase === 'ended'
        ? 'voice.again'
        : 'voice.play';
  return (
    <section className="voice-dock" aria-label={t('voice.player')} data-testid="voice-dock" data-phase={state.phase}>
      <button
        type="button"
        className="voice-button voice-dock-play"
        aria-label={t(deed)}
        aria-describedby={status === null ? undefined : id}
        autoFocus={props.takesFocus}
        onClick={() => (asks ? player.play(true) : player.toggle())}
      >
        <Glyph name={wants ? 'pause' : state.phase === 'ended' ? 'again' : 'play'} />
      </button>
      <Link to={room} className="voice-dock-text">
        <strong>{title}</strong>
        {status === null ? (
          <span lang={message.language} dir={message.direction}>
            {message.segments[state.segment]?.text}
          </span>
        ) : (
          <span className="voice-dock-status" id={id}>
            {status}
          </span>
        )}
      </Link>
      <button
        type="button"
        className="icon-button"
        aria-label={t('voice.close')}
        onClick={() => {
          player.close();
          focusPage();
        }}
      >
        <Glyph name="close" size={20} />
      </button>
    </section>
  );
}

function Card(props: { message: VoiceMessage; onPlay: () => void; onLater: () => void }) {
  const t = useText();
  const title = t(`voice.titles.${props.message.messageId}`);
  return (
    <section className="voice-dock voice-card" aria-label={t('voice.card')} data-testid="voice-card">
      <button
        type="button"
        className="voice-button voice-dock-play"
        aria-label={t('voice.play')}
        onClick={props.onPlay}
      >
        <Glyph name="play" />
      </button>
      <Link to={room} className="voice-dock-text">
        <span>{t('voice.card')}</span>
        <strong>
          {title} · <span className="num">{clockOf(lengthOfMessage(props.message))}</span>
        </strong>
      </Link>
      <Button look="link" onClick={props.onLater}>
        {t('voice.cardLater')}
      </Button>
    </section>
  );
}

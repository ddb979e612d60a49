import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useText } from '../i18n/text.ts';
import { Button } from '../ui/button.tsx';
import { Segmented } from '../ui/field.tsx';
import { Caption, Transcript } from './caption.tsx';
import { Glyph } from './glyph.tsx';
import { lengthOfMessage, secondsInto } from './message.ts';
import { followKeys } from './player-keys.ts';
import { rates } from './player-state.ts';
import { SoundPicture } from './sound-picture.tsx';
import type { Studio } from './studio.ts';
import { useAtPlace, usePlayerState } from './use-studio.ts';
import { clockOf, placeText, statusText } from './voice-words.ts';

/** The big player: picture, caption, controls, and the text to read. `after` stands below the controls. */
export function PlayerPanel(props: { studio: Studio; after?: ReactNode }) {
  const t = useText();
  const { studio } = props;
  const state = usePlayerState(studio);
  const { message } = state;
  const frame = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => followKeys(studio.player, () => frame.current), [studio]);
  if (!message) return null;
  const waits = state.phase === 'waiting' || message.segments.some((segment) => segment.audio === null);
  return (
    <section
      ref={frame}
      aria-labelledby={id}
      tabIndex={-1}
      data-phase={state.phase}
      data-gap={state.gapMs ?? undefined}
      data-testid="voice-player"
    >
      <div className="voice-stage">
        <header className="voice-head">
          <p className="voice-kind">{t(`voice.kinds.${message.kind}`)}</p>
          <h2 id={id}>{t(`voice.titles.${message.messageId}`)}</h2>
        </header>
        <SoundPicture studio={studio} />
        <Caption studio={studio} />
        <Status studio={studio} />
        <Steps studio={studio} />
        <Controls studio={studio} />
        {props.after}
      </div>
      <div className="voice-below">
        <Segmented
          label={t('voice.speed')}
          value={String(state.rate)}
          options={rates.map((rate) => ({
            value: String(rate),
            text: t('voice.speedOf', { rate: new Intl.NumberFormat(t.locale).format(rate) }),
          }))}
          onChange={(rate) => studio.player.setRate(Number(rate))}
        />
        <FollowByScreenReader studio={studio} />
      </div>
      {/* While there is no voice the text is the message. */}
      <details className="voice-read" key={waits ? 'waits' : 'ready'} open={waits}>
        <summary>{t('voice.text')}</summary>
        <Transcript studio={studio} />
      </details>
      <p className="soft small voice-keys">{t('voice.keys')}</p>
    </section>
  );
}

function Controls(props: { studio: Studio }) {
  const t = useText();
  const { player } = props.studio;
  const { message, phase, segment } = usePlayerState(props.studio);
  const wants = phase === 'playing' || phase === 'loading' || phase === 'waiting';
  const words = wants ? 'voice.pause' : phase === 'ended' ? 'voice.again' : 'voice.play';
  const last = (message?.segments.length ?? 1) - 1;
  return (
    <div className="voice-controls">
      <button
        type="button"
        className="voice-button"
        aria-label={t('voice.previous')}
        title={t('voice.previous')}
        onClick={() => player.previous()}
      >
        <Glyph name="previous" />
      </button>
      <button
        type="button"
        className="voice-button voice-play"
        aria-label={t(words)}
        title={t(words)}
        aria-busy={phase === 'loading' || undefined}
        data-testid="voice-toggle"
        onClick={() => player.toggle()}
      >
        <Glyph name={wants ? 'pause' : phase === 'ended' ? 'again' : 'play'} size={34} />
      </button>
      <button
        type="button"
        className="voice-button"
        aria-label={t('voice.next')}
        title={t('voice.next')}
        aria-disabled={segment >= last || undefined}
        onClick={() => player.next()}
      >
        <Glyph name="next" />
      </button>
    </div>
  );
}

/** One bar per sentence, filling as it is said. Underneath lies a slider, so that keyboards and screen readers have one control. */
function Steps(props: { studio: Studio }) {
  const t = useText();
  const { player } = props.studio;
  const { message, segment } = usePlayerState(props.studio);
  // Twenty steps a sentence: the bar moves by a pixel or two.
  const filled = useAtPlace(props.studio, ({ seconds }) => {
    const current = message?.segments[player.getState().segment];
    const length = current?.seconds ?? 0;
    return length === 0 ? 0 : Math.min(20, Math.floor((seconds / length) * 20)) / 20;
  });
  const at = useAtPlace(props.studio, (place) => (message ? clockOf(secondsInto(message, place)) : '0:00'));
  if (!message) return null;
  const length = clockOf(lengthOfMessage(message));
  return (
    <div className="voice-steps">
      <div className="voice-bars">
        {message.segments.map(({ index }) => (
          <span key={index} aria-hidden="true">
            <i style={{ transform: `scaleX(${String(index < segment ? 1 : index > segment ? 0 : filled)})` }} />
          </span>
        ))}
        <input
          type="range"
          min={0}
          max={message.segments.length - 1}
          value={segment}
          aria-label={t('voice.place')}
          aria-valuetext={placeText(message, segment, t)}
          onChange={(event) => player.seek(Number(event.target.value))}
        />
      </div>
      <p className="num small" data-testid="voice-time">
        {t('voice.time', { at, length })}
      </p>
    </div>
  );
}

/** Why it is silent although it should not be, and what helps. */
function Status(props: { studio: Studio }) {
  const t = useText();
  const { player } = props.studio;
  const state = usePlayerState(props.studio);
  const text = statusText(state, t);
  const offersRetry = state.failure !== null;
  return (
    <div className="voice-status" role="status" data-testid="voice-status">
      {state.phase === 'asking' ? (
        <>
          <p>{text}</p>
          <Button size="small" onClick={() => player.play(true)}>
            {t('voice.saverPlay')}
          </Button>
        </>
      ) : (
        text !== null && (
          <p>
            {text}{' '}
            {offersRetry && (
              <Button look="link" onClick={() => player.play()}>
                {t('common.tryAgain')}
              </Button>
            )}
          </p>
        )
      )}
    </div>
  );
}

/** Most screen-reader users listen; who reads in braille, or does not hear, wants the text followed. Never unasked: two voices at once are none. */
function FollowByScreenReader(props: { studio: Studio }) {
  const t = useText();
  const [follows, setFollows] = useState(false);
  const { message, segment, phase } = usePlayerState(props.studio);
  const said = follows && message && phase !== 'paused' ? (message.segments[segment]?.text ?? '') : '';
  return (
    <>
      <label className="voice-follow">
        <input type="checkbox" checked={follows} onChange={(event) => setFollows(event.target.checked)} />
        <span>{t('voice.readOut')}</span>
      </label>
      <p className="sr-only" aria-live="polite" lang={message?.language} data-testid="voice-read-out">
        {said}
      </p>
    </>
  );
}

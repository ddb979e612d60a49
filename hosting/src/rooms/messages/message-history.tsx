import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import type { OperationOutput } from '../../api/client.ts';
import { LiveView } from '../../ui/live-view.tsx';
import { Glyph } from '../../voice/glyph.tsx';
import type { Studio } from '../../voice/studio.ts';
import { useDeskState, useMessageHistory, usePlayerState } from '../../voice/use-studio.ts';
import { languageName } from '../../voice/voice-words.ts';

type Entry = OperationOutput<'getMessageHistory'>['messages'][number];

/** What was heard, most recent first; each can be heard again, in the language and voice of then. */
export function MessageHistory(props: { studio: Studio }) {
  const t = useText();
  const history = useMessageHistory();
  return (
    <section className="stack" aria-labelledby="voice-history">
      <h2 id="voice-history">{t('voice.history')}</h2>
      <LiveView live={history}>
        {({ messages }) =>
          messages.length === 0 ? (
            <p className="soft">{t('voice.historyEmpty')}</p>
          ) : (
            <ul className="message-rows">
              {messages.map((entry) => (
                <Row key={`${entry.messageId}.${String(entry.textVersion)}`} studio={props.studio} entry={entry} />
              ))}
            </ul>
          )
        }
      </LiveView>
    </section>
  );
}

function Row(props: { studio: Studio; entry: Entry }) {
  const t = useText();
  const { entry, studio } = props;
  const { message, phase } = usePlayerState(studio);
  const { wish, busy } = useDeskState(studio);
  const { messageId, language, voice } = entry;
  const title = t(`voice.titles.${messageId}`);
  const done = entry.completedAt !== null;
  const isOpen = message?.messageId === messageId;
  const plays = isOpen && phase === 'playing';
  const day = formatDay(entry.completedAt ?? entry.updatedAt, t.locale);
  function press() {
    if (isOpen) studio.player.toggle();
    else studio.desk.ask({ messageId, language, voice }, true);
  }
  return (
    <li className="message-row">
      <button
        type="button"
        className="voice-button voice-dock-play"
        aria-label={`${t(plays ? 'voice.pause' : done ? 'voice.replay' : 'voice.goOn')}: ${title}`}
        aria-busy={(busy && wish?.messageId === messageId) || undefined}
        onClick={press}
      >
        <Glyph name={plays ? 'pause' : 'play'} />
      </button>
      <div>
        <p>
          <strong>{title}</strong>
        </p>
        <p className="soft small">
          {t('voice.partlyAt', { day, language: languageName(language, t.locale) })} ·{' '}
          {done ? t('voice.heard') : t('voice.partly', { percent: entry.heardPercent })}
        </p>
      </div>
    </li>
  );
}

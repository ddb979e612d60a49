import type { VoiceMessage } from '../../../../functions/src/shared/api/voice.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import type { Studio } from '../../voice/studio.ts';
import { usePlayerState } from '../../voice/use-studio.ts';

/** The message that comes after the one that is open: nothing follows by itself, one message is one visit's. */
export function UpNext(props: { studio: Studio; current: VoiceMessage }) {
  const t = useText();
  const { studio, current } = props;
  const { message, phase } = usePlayerState(studio);
  const open = message?.messageId === current.messageId;
  const isBusy = phase === 'playing' || phase === 'loading' || phase === 'waiting';
  if (open || isBusy || !message || current.state !== 'new') return null;
  const { messageId } = current;
  return (
    <div className="voice-after">
      <Button onClick={() => studio.desk.ask({ messageId, language: message.language, voice: message.voice }, true)}>
        {t('voice.nextMessage', { title: t(`voice.titles.${messageId}`) })}
      </Button>
    </div>
  );
}

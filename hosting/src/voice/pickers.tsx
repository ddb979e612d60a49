import { useText } from '../i18n/text.ts';
import { Segmented, SelectField } from '../ui/field.tsx';
import { voiceLanguageCodes, voiceNames } from '../../../functions/src/shared/voice.ts';
import type { Studio } from './studio.ts';
import { useDeskState, usePlayerState, useVoices } from './use-studio.ts';
import { languageName } from './voice-words.ts';

/** The language and the voice. A change goes on at the same sentence, and is the member's choice on all devices. */
export function Pickers(props: { studio: Studio }) {
  const t = useText();
  const { desk } = props.studio;
  const { message } = usePlayerState(props.studio);
  const { wish, busy } = useDeskState(props.studio);
  const voices = useVoices();
  // What could not be had is not chosen: the message goes on as it was.
  const chosen = busy ? wish : message;
  if (!chosen) return null;
  const { messageId, language, voice } = chosen;
  const names = new Map(voices?.languages.map(({ code, name }) => [code, name]));
  const options = voiceLanguageCodes.map((code) => {
    const endonym = names.get(code) ?? languageName(code, code);
    const known = languageName(code, t.locale);
    return { value: code, text: endonym.toLowerCase() === known.toLowerCase() ? endonym : `${endonym} · ${known}` };
  });
  return (
    <div className="voice-pickers">
      <SelectField
        label={t('voice.language')}
        value={language}
        options={options}
        onChange={(code) => desk.ask({ messageId, language: code, voice })}
      />
      <div className="field">
        <p className="legend">{t('voice.voice')}</p>
        <Segmented
          label={t('voice.voice')}
          value={voice}
          options={voiceNames.map((name) => ({ value: name, text: t(`voice.voices.${name}`) }))}
          onChange={(name) => desk.ask({ messageId, language, voice: name })}
        />
        <p className="soft small">{t(`voice.manners.${voice}`)}</p>
      </div>
    </div>
  );
}

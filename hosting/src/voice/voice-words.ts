import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import type { VoiceLanguageCode } from '../../../functions/src/shared/voice.ts';
import type { Text } from '../i18n/text.ts';
import { bytesOf } from './message.ts';
import type { PlayerState } from './player-state.ts';

/** A length as "1:05". */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
}

/** What a language is called by who reads the app; its code where the browser has no name. */
export function languageName(language: VoiceLanguageCode, locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? language;
}

/** What a listener has to know beyond what they hear; null when all is well. */
export function statusText({ phase, failure, message }: PlayerState, t: Text): string | null {
  if (failure !== null) return t(`voice.failure.${failure}`);
  if (phase === 'asking' && message) return t('voice.saver', { size: megabytesOf(bytesOf(message), t.locale) });
  if (phase === 'waiting') return t(message?.ready ? 'voice.unrecorded' : 'voice.making');
  if (phase === 'loading') return t('voice.loading');
  return phase === 'paused' && message?.ready === false ? t('voice.willBeMade') : null;
}

/** Megabytes with one decimal, as the reader writes them; never "0". */
export function megabytesOf(bytes: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(Math.max(0.1, bytes / 1_000_000));
}

/** What tells a screen reader where the message stands. */
export function placeText(message: VoiceMessage, segment: number, t: Text): string {
  return t('voice.sentence', { at: segment + 1, count: message.segments.length });
}

import type { QueryClient } from '@tanstack/react-query';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import { saySame } from './message.ts';
import type { Report } from './report-outbox.ts';
import { voiceKeys } from './voice-keys.ts';

/**
 * Lets the pages know at once what the member has chosen by asking for `message`; the live update says the same later, or never where there
 * is none.
 */
export function noteChoice(queries: QueryClient, message: VoiceMessage): void {
  const current = queries.getQueryData<VoiceMessage>(voiceKeys.current);
  if (!current) return;
  if (saySame(current, message)) queries.setQueryData(voiceKeys.current, message);
  else if (current.language !== message.language || current.voice !== message.voice)
    void queries.invalidateQueries({ queryKey: voiceKeys.current });
}

/** Lets the pages know how far the member has listened, once the server knows it. */
export function notePlace(queries: QueryClient, report: Report): void {
  const current = queries.getQueryData<VoiceMessage>(voiceKeys.current);
  if (!current || !saySame(current, report)) return;
  const { sentence, offsetMs } = report;
  const heard = [...new Set([...current.heard, ...report.heard])].sort((one, other) => one - other);
  queries.setQueryData<VoiceMessage>(voiceKeys.current, { ...current, position: { sentence, offsetMs }, heard });
}

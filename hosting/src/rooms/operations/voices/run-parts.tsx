import { useQuery } from '@tanstack/react-query';
import type { VoiceRun } from '../../../../../functions/src/shared/api/voice-clips.ts';
import { call } from '../../../api/call.ts';
import { useText } from '../../../i18n/text.ts';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { languageName } from '../../../voice/voice-words.ts';
import { voiceAdminKeys } from './voice-keys.ts';

/** A run by language and voice: what is there, what is left, what failed. */
export function RunParts(props: { runId: VoiceRun['id']; moving: boolean }) {
  const t = useText();
  const { runId } = props;
  const run = useQuery({
    queryKey: voiceAdminKeys.run(runId),
    queryFn: ({ signal }) => call('getVoiceRun', { runId }, { signal }),
    refetchInterval: props.moving ? 5000 : false,
  });
  if (run.isPending) return <CardsSkeleton count={1} />;
  if (!run.data) return <ErrorNotice error={run.error} retry={() => void run.refetch()} />;
  const columns = ['ready', 'left', 'failed'] as const;
  return (
    <div className="table-frame voices-parts" role="region" aria-label={t('voices.byLanguage')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('voice.language')}</th>
            <th scope="col">{t('voice.voice')}</th>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {t(`voices.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {run.data.parts.map((part) => (
            <tr key={`${part.language}.${part.voice}`}>
              <td>{languageName(part.language, t.locale)}</td>
              <td>{t(`voice.voices.${part.voice}`)}</td>
              {columns.map((column) => (
                <td className="num" key={column}>
                  {column === 'failed' && part.failed > 0 ? <strong>{part.failed}</strong> : part[column]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

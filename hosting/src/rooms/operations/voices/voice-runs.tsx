import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { VoiceRun } from '../../../../../functions/src/shared/api/voice-clips.ts';
import { call } from '../../../api/call.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatMoment } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { RunParts } from './run-parts.tsx';
import { voiceAdminKeys } from './voice-keys.ts';

/** While something is being recorded the list looks as often as clips come. */
const busyMs = 3000;
const restMs = 30_000;

const tones = {
  checking: 'busy',
  running: 'busy',
  done: 'good',
  incomplete: 'bad',
  refused: 'bad',
} as const satisfies Record<VoiceRun['state'], string>;

function isMoving({ state }: VoiceRun): boolean {
  return state === 'checking' || state === 'running';
}

/** Runs that record the sentences of all messages, newest first, and the way to a new one. */
export function VoiceRuns(props: { mayRecord: boolean }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const runs = useQuery({
    queryKey: voiceAdminKeys.runs,
    queryFn: ({ signal }) => call('listVoiceRuns', {}, { signal }),
    refetchInterval: ({ state }) => (state.data?.runs.some((run) => isMoving(run)) ? busyMs : restMs),
  });
  return (
    <section className="stack" aria-labelledby="voice-runs" style={{ '--gap': '16px' }}>
      <div className="row voices-head">
        <h2 id="voice-runs">{t('voices.runs')}</h2>
        {props.mayRecord && (
          <Button size="small" onClick={() => setAsking(true)}>
            {t('voices.record')}
          </Button>
        )}
      </div>
      <ErrorNotice error={runs.error} retry={() => void runs.refetch()} />
      {runs.isPending && <CardsSkeleton count={1} />}
      {runs.data?.runs.length === 0 && <Empty title={t('voices.noRuns')} text={t('voices.noRunsText')} />}
      <ul className="stack">
        {runs.data?.runs.map((run) => (
          <li key={run.id}>
            <RunCard run={run} />
          </li>
        ))}
      </ul>
      {asking && <StartRun close={() => setAsking(false)} />}
    </section>
  );
}

function RunCard(props: { run: VoiceRun }) {
  const t = useText();
  const { run } = props;
  const [open, setOpen] = useState(false);
  const number = new Intl.NumberFormat(t.locale);
  const counts = {
    total: number.format(run.total),
    ready: number.format(run.ready),
    existing: number.format(run.existing),
    failed: number.format(run.failed),
    left: number.format(run.left),
  };
  return (
    <article className="card stack" style={{ '--gap': '10px' }}>
      <div className="row">
        <span className={`chip chip-${tones[run.state]}`}>{t(`voices.runState.${run.state}`)}</span>
        <span className="soft small num">
          {t('voices.startedBy', { at: formatMoment(run.startedAt, t.locale), by: run.requestedBy })}
        </span>
      </div>
      {run.problem !== null && (
        <>
          <p>{t('voices.refused')}</p>
          <p className="mono">{run.problem}</p>
        </>
      )}
      <progress value={run.ready} max={Math.max(1, run.total)} aria-label={t('voices.progress', counts)} />
      <p className="num">{t('voices.progress', counts)}</p>
      <p className="soft small num">
        {t('voices.runFacts', {
          languages: run.languages.length,
          existing: counts.existing,
          credits: number.format(run.credits),
        })}
      </p>
      <div>
        <Button look="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('voices.byLanguage')}
        </Button>
      </div>
      {open && <RunParts runId={run.id} moving={isMoving(run)} />}
    </article>
  );
}

function StartRun(props: { close: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const start = useOperation('publishVoiceTexts');
  const [languages, setLanguages] = useState<'recent' | 'all'>('recent');
  async function send() {
    if ((await start.run({ languages })) === null) return;
    void queries.invalidateQueries({ queryKey: voiceAdminKeys.all });
    props.close();
  }
  return (
    <Dialog title={t('voices.record')} onClose={props.close}>
      <p>{t('voices.recordText')}</p>
      <Segmented
        label={t('voices.which')}
        value={languages}
        options={(['recent', 'all'] as const).map((value) => ({ value, text: t(`voices.which.${value}`) }))}
        onChange={setLanguages}
      />
      <p className="soft small">{t(`voices.whichText.${languages}`)}</p>
      <ErrorNotice error={start.error} />
      <div className="row">
        <Button busy={start.busy} onClick={() => void send()}>
          {t('voices.recordNow')}
        </Button>
        <Button look="quiet" onClick={props.close}>
          {t('common.close')}
        </Button>
      </div>
    </Dialog>
  );
}

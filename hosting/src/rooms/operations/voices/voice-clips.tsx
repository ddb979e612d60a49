import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { VoiceClip } from '../../../../../functions/src/shared/api/voice-clips.ts';
import { call } from '../../../api/call.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatMoment } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { languageName } from '../../../voice/voice-words.ts';
import { voiceAdminKeys } from './voice-keys.ts';
import { ReasonField } from '../reason-field.tsx';

const states = ['failed', 'wanted', 'making', 'ready'] as const satisfies readonly VoiceClip['state'][];
const tones = { failed: 'bad', wanted: 'warn', making: 'busy', ready: 'good' } as const;

/** A reason shorter than this says nothing to who reads the audit log. */
const shortestReason = 3;

/** Clips by state, those that failed first; each can be recorded again, and those of old texts thrown away. */
export function VoiceClips(props: { mayRecord: boolean }) {
  const t = useText();
  const [state, setState] = useState<VoiceClip['state']>('failed');
  const [again, setAgain] = useState<VoiceClip | null>(null);
  const [purging, setPurging] = useState(false);
  const clips = useQuery({
    queryKey: voiceAdminKeys.clips(state),
    queryFn: ({ signal }) => call('listVoiceClips', { state }, { signal }),
    refetchInterval: 10_000,
  });
  return (
    <section className="stack" aria-labelledby="voice-clips" style={{ '--gap': '16px' }}>
      <div className="row voices-head">
        <h2 id="voice-clips">{t('voices.clips')}</h2>
        {props.mayRecord && (
          <Button look="quiet" size="small" onClick={() => setPurging(true)}>
            {t('voices.purge')}
          </Button>
        )}
      </div>
      <div>
        <Segmented
          label={t('voices.clips')}
          value={state}
          options={states.map((value) => ({ value, text: t(`voices.clipState.${value}`) }))}
          onChange={setState}
        />
      </div>
      <ErrorNotice error={clips.error} retry={() => void clips.refetch()} />
      {clips.isPending && <CardsSkeleton count={2} />}
      {clips.data?.clips.length === 0 && (
        <Empty
          title={t('voices.noClips')}
          text={t(state === 'failed' ? 'voices.noFailedText' : 'voices.noClipsText')}
        />
      )}
      <ul className="stack">
        {clips.data?.clips.map((clip) => (
          <li key={clip.key}>
            <ClipCard clip={clip} {...(props.mayRecord ? { recordAgain: () => setAgain(clip) } : {})} />
          </li>
        ))}
      </ul>
      {again && <RecordAgain clip={again} close={() => setAgain(null)} />}
      {purging && <Purge close={() => setPurging(false)} />}
    </section>
  );
}

function ClipCard(props: { clip: VoiceClip; recordAgain?: () => void }) {
  const t = useText();
  const { clip } = props;
  const mayRecord = clip.state === 'failed' || clip.state === 'ready';
  return (
    <article className="card stack" style={{ '--gap': '8px' }}>
      <div className="row">
        <span className={`chip chip-${tones[clip.state]}`}>{t(`voices.clipState.${clip.state}`)}</span>
        <span className="soft small">
          {languageName(clip.language, t.locale)} · {t(`voice.voices.${clip.voice}`)} ·{' '}
          {clip.messageId === null ? t('voices.greeting') : t(`voice.titles.${clip.messageId}`)} ·{' '}
          {formatMoment(clip.madeAt ?? clip.wantedAt, t.locale)}
        </span>
      </div>
      {clip.text !== null && (
        <p lang={clip.language} dir="auto">
          {clip.text}
        </p>
      )}
      {clip.error !== null && <p className="mono">{clip.error}</p>}
      <p className="soft small num">
        {t('voices.clipFacts', { attempts: clip.attempts, take: clip.take, credits: clip.credits })}
      </p>
      {props.recordAgain && mayRecord && (
        <div>
          <Button look="quiet" size="small" onClick={props.recordAgain}>
            {t(clip.state === 'failed' ? 'voices.tryAgain' : 'voices.recordAgain')}
          </Button>
        </div>
      )}
    </article>
  );
}

function RecordAgain(props: { clip: VoiceClip; close: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const deed = useOperation('recordClipAgain');
  const [reason, setReason] = useState('');
  async function send() {
    if ((await deed.run({ key: props.clip.key, reason })) === null) return;
    void queries.invalidateQueries({ queryKey: voiceAdminKeys.all });
    props.close();
  }
  return (
    <Dialog title={t('voices.recordAgain')} onClose={props.close}>
      <p className="soft">{t('voices.recordAgainText')}</p>
      {props.clip.text !== null && (
        <p lang={props.clip.language} dir="auto">
          {props.clip.text}
        </p>
      )}
      <ReasonField value={reason} change={setReason} />
      <ErrorNotice error={deed.error} />
      <Buttons
        busy={deed.busy}
        ready={reason.trim().length >= shortestReason}
        text={t('voices.recordAgain')}
        send={send}
        close={props.close}
      />
    </Dialog>
  );
}

function Purge(props: { close: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const deed = useOperation('purgeVoiceClips');
  const [reason, setReason] = useState('');
  const [purged, setPurged] = useState<number | null>(null);
  async function send() {
    const done = await deed.run({ outdated: true, reason });
    if (done === null) return;
    setPurged(done.purged);
    void queries.invalidateQueries({ queryKey: voiceAdminKeys.all });
  }
  return (
    <Dialog title={t('voices.purge')} onClose={props.close}>
      {purged === null ? (
        <>
          <p className="soft">{t('voices.purgeText')}</p>
          <ReasonField value={reason} change={setReason} />
          <ErrorNotice error={deed.error} />
          <Buttons
            busy={deed.busy}
            ready={reason.trim().length >= shortestReason}
            text={t('voices.purgeNow')}
            send={send}
            close={props.close}
          />
        </>
      ) : (
        <>
          <Notice tone="good">{t('voices.purged', { count: purged })}</Notice>
          <Button onClick={props.close}>{t('common.close')}</Button>
        </>
      )}
    </Dialog>
  );
}

function Buttons(props: { busy: boolean; ready: boolean; text: string; send: () => Promise<void>; close: () => void }) {
  const t = useText();
  return (
    <div className="row">
      <Button busy={props.busy} disabled={!props.ready} onClick={() => void props.send()}>
        {props.text}
      </Button>
      <Button look="quiet" onClick={props.close}>
        {t('common.close')}
      </Button>
    </div>
  );
}

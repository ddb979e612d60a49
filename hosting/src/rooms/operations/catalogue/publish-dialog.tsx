import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ContentChange } from '../../../../../functions/src/shared/api/catalog-versions.ts';
import { call } from '../../../api/call.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { useText } from '../../../i18n/text.ts';
import { keys } from '../../../live/sources.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Segmented } from '../../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { changeSubject, changeValue, problemText } from './catalogue-words.ts';
import { catalogueKeys } from './catalogue-keys.ts';

/** Shows what would change for buyers, and publishes it, at once or from a moment on. */
export function PublishDialog(props: {
  version: number;
  revision: number;
  close: () => void;
  onPublished: () => void;
}) {
  const t = useText();
  const queries = useQueryClient();
  const { version, revision } = props;
  const publish = useOperation('publishCatalog');
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [moment, setMoment] = useState('');
  // Asked anew: somebody may have published since the draft was saved.
  const check = useQuery({
    queryKey: [...catalogueKeys.check(version, revision), 'publish'],
    queryFn: ({ signal }) => call('checkCatalogDraft', { version: String(version) }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const later = when === 'later' ? readMoment(moment) : null;
  const ready =
    check.data?.problems.length === 0 && check.data.changes.length > 0 && (when === 'now' || later !== null);

  async function go() {
    if (!check.data || !ready) return;
    const effectiveAt = later === null ? {} : { effectiveAt: later.toISOString() };
    const done = await publish.run({ version: String(version), revision, against: check.data.against, ...effectiveAt });
    if (!done) return;
    // What is published can't be checked any more; a check of another draft is old, and made anew when it is looked at.
    void queries.invalidateQueries({ queryKey: catalogueKeys.checks, refetchType: 'none' });
    void queries.invalidateQueries({ queryKey: catalogueKeys.versions });
    void queries.invalidateQueries({ queryKey: catalogueKeys.version(version) });
    void queries.invalidateQueries({ queryKey: keys.catalog });
    props.onPublished();
  }

  return (
    <Dialog title={t('catalogue.publishTitle', { version })} onClose={props.close}>
      {check.isPending && <Skeleton height={80} />}
      <ErrorNotice error={check.error} retry={() => void check.refetch()} />
      {check.data && check.data.problems.length > 0 && (
        <Notice tone="warn">
          <p>{t('catalogue.problems', { count: check.data.problems.length })}</p>
          <ul>
            {check.data.problems.map((problem, index) => (
              <li key={index}>{problemText(problem, t)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {check.data?.problems.length === 0 && <Changes changes={check.data.changes} against={check.data.against} />}
      {check.data?.problems.length === 0 && check.data.changes.length > 0 && (
        <>
          <Segmented
            label={t('catalogue.when')}
            value={when}
            options={(['now', 'later'] as const).map((value) => ({ value, text: t(`catalogue.when.${value}`) }))}
            onChange={setWhen}
          />
          {when === 'later' && (
            <Field
              label={t('catalogue.moment')}
              hint={t('catalogue.momentHint')}
              type="datetime-local"
              value={moment}
              problem={moment !== '' && later === null ? t('catalogue.invalid.moment') : null}
              onChange={(event) => setMoment(event.target.value)}
            />
          )}
          <p className="soft">{t('catalogue.final')}</p>
        </>
      )}
      <ErrorNotice error={publish.error} retry={() => void check.refetch()} />
      <div className="row">
        {ready && (
          <Button busy={publish.busy} onClick={() => void go()}>
            {t('catalogue.publishNow', { count: check.data?.changes.length ?? 0 })}
          </Button>
        )}
        <Button look="quiet" onClick={props.close}>
          {t('common.close')}
        </Button>
      </div>
    </Dialog>
  );
}

/** A moment in the operator's own zone, as the field gives it; null when there is none or it is past. */
function readMoment(text: string): Date | null {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) || moment.getTime() < Date.now() ? null : moment;
}

function Changes(props: { changes: ContentChange[]; against: number }) {
  const t = useText();
  if (props.changes.length === 0) return <p>{t('catalogue.noChanges', { version: props.against })}</p>;
  const title = t('catalogue.changes', { version: props.against });
  return (
    <div className="stack" style={{ '--gap': '10px' }}>
      <p>{title}</p>
      <div className="table-frame change-frame" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              {(['what', 'before', 'after'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`catalogue.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.changes.map((change) => (
              <tr key={`${change.area}/${change.id}/${change.field}`}>
                <td>{changeSubject(change, t)}</td>
                <td className="num">{changeValue(change.from, change.field, t)}</td>
                <td className="num">{changeValue(change.to, change.field, t)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

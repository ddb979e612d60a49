import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CatalogVersion } from '../../../../../functions/src/shared/api/catalog-versions.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatMoment } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Field } from '../../../ui/field.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { catalogueKeys } from './catalogue-keys.ts';

const tones = { draft: 'busy', scheduled: 'warn', selling: 'good', past: 'past' } as const;

/** Drafts and published versions, and the way from one to a new draft. */
export function VersionList(props: { versions: CatalogVersion[]; mayEdit: boolean; open: (version: number) => void }) {
  const t = useText();
  const [from, setFrom] = useState<CatalogVersion | null>(null);
  const [discarding, setDiscarding] = useState<CatalogVersion | null>(null);
  if (props.versions.length === 0) return <Empty title={t('catalogue.none')} text={t('catalogue.noneText')} />;
  return (
    <>
      <ul className="stack">
        {props.versions.map((version) => (
          <li key={version.version}>
            <VersionCard
              version={version}
              mayEdit={props.mayEdit}
              open={() => props.open(version.version)}
              copy={() => setFrom(version)}
              discard={() => setDiscarding(version)}
            />
          </li>
        ))}
      </ul>
      {from && <NewDraft from={from.version} close={() => setFrom(null)} open={props.open} />}
      {discarding && <Discard version={discarding.version} close={() => setDiscarding(null)} />}
    </>
  );
}

function VersionCard(props: {
  version: CatalogVersion;
  mayEdit: boolean;
  open: () => void;
  copy: () => void;
  discard: () => void;
}) {
  const t = useText();
  const { version, mayEdit } = props;
  const isDraft = version.state === 'draft';
  const name = t('catalogue.version', { version: version.version });
  const other = <span className="sr-only"> {name}</span>;
  return (
    <article className="card stack" style={{ '--gap': '10px' }}>
      <div className="row">
        <h2 className="catalogue-name">{name}</h2>
        <span className={`chip chip-${tones[version.state]}`}>{t(`catalogue.state.${version.state}`)}</span>
      </div>
      {version.note !== '' && <p>{version.note}</p>}
      <p className="soft small">{datesOf(version, t)}</p>
      <div className="row">
        <Button size="small" look={isDraft && mayEdit ? 'main' : 'quiet'} onClick={props.open}>
          {t(isDraft && mayEdit ? 'catalogue.edit' : 'catalogue.look')}
          {other}
        </Button>
        {mayEdit && !isDraft && (
          <Button size="small" look="quiet" onClick={props.copy}>
            {t('catalogue.newDraft')}
            {other}
          </Button>
        )}
        {mayEdit && isDraft && (
          <Button size="small" look="bad" onClick={props.discard}>
            {t('catalogue.discard')}
            {other}
          </Button>
        )}
      </div>
    </article>
  );
}

function datesOf(version: CatalogVersion, t: ReturnType<typeof useText>): string {
  const at = (iso: string) => formatMoment(iso, t.locale);
  const made = t('catalogue.madeAt', { at: at(version.createdAt), by: version.createdBy ?? 'DOTM' });
  if (version.publishedAt === null || version.effectiveAt === null) return made;
  const from = t('catalogue.sellsFrom', { at: at(version.effectiveAt) });
  return `${from} · ${t('catalogue.publishedAt', { at: at(version.publishedAt), by: version.publishedBy ?? 'DOTM' })}`;
}

function NewDraft(props: { from: number; close: () => void; open: (version: number) => void }) {
  const t = useText();
  const queries = useQueryClient();
  const create = useOperation('createCatalogDraft');
  const [note, setNote] = useState('');
  async function make() {
    const made = await create.run({ fromVersion: props.from, note });
    if (!made) return;
    await queries.invalidateQueries({ queryKey: catalogueKeys.versions });
    props.close();
    props.open(made.version);
  }
  return (
    <Dialog title={t('catalogue.newDraft')} onClose={props.close}>
      <p>{t('catalogue.newDraftText', { version: props.from })}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Field
          label={t('catalogue.note')}
          hint={t('catalogue.noteHint')}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <ErrorNotice error={create.error} />
        <div className="row">
          <Button type="submit" busy={create.busy}>
            {t('catalogue.newDraft')}
          </Button>
          <Button look="quiet" onClick={props.close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Discard(props: { version: number; close: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const discard = useOperation('discardCatalogDraft');
  async function go() {
    if (!(await discard.run({ version: String(props.version) }))) return;
    await queries.invalidateQueries({ queryKey: catalogueKeys.versions });
    props.close();
  }
  return (
    <Dialog title={t('catalogue.discard')} onClose={props.close}>
      <p>{t('catalogue.discardText', { version: props.version })}</p>
      <ErrorNotice error={discard.error} />
      <div className="row">
        <Button look="bad" busy={discard.busy} onClick={() => void go()}>
          {t('catalogue.discard')}
        </Button>
        <Button look="quiet" onClick={props.close}>
          {t('common.close')}
        </Button>
      </div>
    </Dialog>
  );
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CatalogContent } from '../../../../../functions/src/shared/api/catalog-content.ts';
import type { CatalogVersion } from '../../../../../functions/src/shared/api/catalog-versions.ts';
import { call } from '../../../api/call.ts';
import { ApiError } from '../../../api/errors.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../../ui/notice.tsx';
import { fieldOf, problemText } from './catalogue-words.ts';
import { catalogueKeys } from './catalogue-keys.ts';
import { readForm, toForm } from './draft-form.ts';
import type { DraftForm, FieldKey } from './draft-form.ts';
import { EditingContext } from './editing.ts';
import type { Editing } from './editing.ts';
import { OtherFields } from './other-fields.tsx';
import { PriceTable } from './price-table.tsx';
import { PublishDialog } from './publish-dialog.tsx';

/** Edits a draft. Nothing is kept until it is saved, and a saved draft sells nothing until it is published. */
export function DraftEditor(props: {
  about: CatalogVersion;
  saved: CatalogContent;
  reload: () => void;
  onPublished: (version: number) => void;
}) {
  const t = useText();
  const queries = useQueryClient();
  const { version } = props.about;
  const save = useOperation('updateCatalogDraft');
  const [saved, setSaved] = useState({ content: props.saved, revision: props.about.revision });
  const [form, setForm] = useState<DraftForm>(() => toForm(props.saved));
  const [edited, setEdited] = useState<ReadonlySet<FieldKey>>(new Set());
  const [asked, setAsked] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const dirty = edited.size > 0;
  const { content, invalid } = readForm(form);
  const check = useQuery({
    queryKey: catalogueKeys.check(version, saved.revision),
    queryFn: ({ signal }) => call('checkCatalogDraft', { version: String(version) }, { signal }),
  });
  useLeaveWarning(dirty);

  const problems = new Map<FieldKey, string>();
  for (const problem of check.data?.problems ?? []) {
    const key = fieldOf(problem, saved.content);
    if (!edited.has(key)) problems.set(key, problemText(problem, t));
  }
  // What can't be read is told once somebody wants it saved, and not while they type.
  if (asked) for (const [key, code] of invalid) problems.set(key, t(`catalogue.invalid.${code}`));

  const editing: Editing = {
    form,
    readOnly: false,
    update(key, change) {
      setForm(change);
      setEdited((before) => new Set(before).add(key));
    },
    problemOf: (key) => problems.get(key) ?? null,
    problemsOf: (prefix) =>
      [...problems].flatMap(([key, text]) => (key.startsWith(prefix) && isOfWhole(key) ? [text] : [])),
  };

  async function keep() {
    setAsked(true);
    if (!content) return;
    const kept = await save.run({ version: String(version), revision: saved.revision, content });
    if (!kept) return;
    setSaved({ content, revision: kept.revision });
    setForm(toForm(content));
    setEdited(new Set());
    setAsked(false);
    void queries.invalidateQueries({ queryKey: catalogueKeys.versions });
  }
  function undo() {
    setForm(toForm(saved.content));
    setEdited(new Set());
    setAsked(false);
    save.clear();
  }
  const changedElsewhere = save.error instanceof ApiError && save.error.code === 'catalog.draft_changed';

  return (
    <EditingContext value={editing}>
      <div className="stack" style={{ '--gap': '24px' }}>
        <div className="stack" style={{ '--gap': '6px' }}>
          <h2>{t('catalogue.draft', { version })}</h2>
          <p className="soft">{t('catalogue.draftText')}</p>
        </div>
        {problems.size > 0 && <Notice tone="warn">{t('catalogue.problems', { count: problems.size })}</Notice>}
        <ErrorNotice error={check.error} retry={() => void check.refetch()} />
        <PriceTable />
        <OtherFields />
        <div className="catalogue-bar">
          <div className="stack" style={{ '--gap': '8px' }}>
            <ErrorNotice error={save.error} {...(changedElsewhere ? { retry: props.reload } : {})} />
            {asked && !content && <Notice tone="bad">{t('catalogue.unreadable')}</Notice>}
            <p className="small" role="status">
              {t(dirty ? 'catalogue.notSaved' : 'catalogue.saved')}
            </p>
            <div className="row">
              <Button busy={save.busy} look={dirty ? 'main' : 'quiet'} disabled={!dirty} onClick={() => void keep()}>
                {t('common.save')}
              </Button>
              <Button look="quiet" disabled={!dirty} onClick={undo}>
                {t('catalogue.undo')}
              </Button>
              <Button look={dirty ? 'quiet' : 'main'} disabled={dirty} onClick={() => setPublishing(true)}>
                {t('catalogue.publish')}
              </Button>
            </div>
          </div>
        </div>
      </div>
      {publishing && (
        <PublishDialog
          version={version}
          revision={saved.revision}
          close={() => setPublishing(false)}
          onPublished={() => props.onPublished(version)}
        />
      )}
    </EditingContext>
  );
}

/** A price says what is wrong with it at its own place. */
function isOfWhole(key: FieldKey): boolean {
  return !/^product\/[^/]+\/[A-Z]{3}\//.test(key);
}

/** Has the browser ask before somebody leaves with changes that are not saved. */
function useLeaveWarning(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '../../../../../functions/src/shared/operation.ts';
import { call } from '../../../api/call.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { catalogueKeys } from './catalogue-keys.ts';
import { VersionEditor } from './version-editor.tsx';
import { VersionList } from './version-list.tsx';
import './catalogue.css';

/** Roles that change what is sold; the others read. */
const editors: readonly Role[] = ['owner', 'operations'];

/** The operators' view of what is sold: its versions, and a draft to edit and publish. */
export function Catalogue(props: { role: Role }) {
  const t = useText();
  const [open, setOpen] = useState<number | null>(null);
  const [published, setPublished] = useState<number | null>(null);
  const mayEdit = editors.includes(props.role);
  const versions = useQuery({
    queryKey: catalogueKeys.versions,
    queryFn: ({ signal }) => call('listCatalogVersions', {}, { signal }),
  });
  if (open !== null) {
    return (
      <section className="stack" aria-label={t('catalogue.version', { version: open })} style={{ '--gap': '20px' }}>
        <div>
          <Button look="link" onClick={() => setOpen(null)}>
            {t('catalogue.allVersions')}
          </Button>
        </div>
        <VersionEditor
          key={open}
          version={open}
          mayEdit={mayEdit}
          onPublished={(version) => {
            setPublished(version);
            setOpen(null);
          }}
        />
      </section>
    );
  }
  return (
    <section className="stack" aria-label={t('operations.part.catalogue')} style={{ '--gap': '20px' }}>
      {published !== null && <Notice tone="good">{t('catalogue.published', { version: published })}</Notice>}
      <ErrorNotice error={versions.error} retry={() => void versions.refetch()} />
      {versions.isPending && <CardsSkeleton count={2} />}
      {versions.data && (
        <VersionList versions={versions.data.versions} mayEdit={mayEdit} open={(version) => setOpen(version)} />
      )}
    </section>
  );
}

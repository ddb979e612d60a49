import { useQuery } from '@tanstack/react-query';
import type { CatalogContent } from '../../../../../functions/src/shared/api/catalog-content.ts';
import { call } from '../../../api/call.ts';
import { useText } from '../../../i18n/text.ts';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { catalogueKeys } from './catalogue-keys.ts';
import { DraftEditor } from './draft-editor.tsx';
import { toForm } from './draft-form.ts';
import { EditingContext } from './editing.ts';
import { OtherFields } from './other-fields.tsx';
import { PriceTable } from './price-table.tsx';

/** One version: a draft to edit for those who may, anything else to read. */
export function VersionEditor(props: { version: number; mayEdit: boolean; onPublished: (version: number) => void }) {
  const t = useText();
  const { version } = props;
  const found = useQuery({
    queryKey: catalogueKeys.version(version),
    queryFn: ({ signal }) => call('getCatalogVersion', { version: String(version) }, { signal }),
    // What is being typed must not be replaced because the window was looked at again.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
  });
  if (found.isPending) return <CardsSkeleton count={2} />;
  if (found.error) return <ErrorNotice error={found.error} retry={() => void found.refetch()} />;
  const { about, content } = found.data;
  if (about.state !== 'draft' || !props.mayEdit)
    return <ReadOnly title={t('catalogue.version', { version })} content={content} />;
  return (
    <DraftEditor
      key={`${about.version}-${found.dataUpdatedAt}`}
      about={about}
      saved={content}
      reload={() => void found.refetch()}
      onPublished={props.onPublished}
    />
  );
}

const nothing = () => undefined;

function ReadOnly(props: { title: string; content: CatalogContent }) {
  const form = toForm(props.content);
  return (
    <EditingContext value={{ form, readOnly: true, update: nothing, problemOf: () => null, problemsOf: () => [] }}>
      <h2>{props.title}</h2>
      <PriceTable />
      <OtherFields />
    </EditingContext>
  );
}

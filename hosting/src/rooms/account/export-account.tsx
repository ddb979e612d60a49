import { useOperation } from '../../api/use-operation.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { saveFile } from '../../ui/save-file.ts';

/** Downloads everything that we hold about the member. Also offered before a deletion. */
export function ExportButton() {
  const t = useText();
  const exporting = useOperation('exportAccount');
  async function save() {
    const made = await exporting.run({});
    if (made) saveFile(`dotm-${made.generatedAt.slice(0, 10)}.json`, JSON.stringify(made, null, 2));
  }
  return (
    <>
      <Button look="quiet" busy={exporting.busy} onClick={() => void save()}>
        {t('account.export')}
      </Button>
      <ErrorNotice error={exporting.error} />
    </>
  );
}

/** The section that explains and offers the export. */
export function ExportAccount() {
  const t = useText();
  return (
    <section className="card stack" aria-labelledby="export">
      <h2 id="export">{t('account.exportTitle')}</h2>
      <p className="soft">{t('account.exportText')}</p>
      <div className="row">
        <ExportButton />
      </div>
    </section>
  );
}

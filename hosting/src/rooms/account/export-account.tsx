import { useOperation } from '../../api/use-operation.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

/** Hands a text to the browser as a file. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by the time of the next task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Downloads everything that we hold about the member. Also offered before a deletion. */
export function ExportButton() {
  const t = useText();
  const exporting = useOperation('exportAccount');
  async function save() {
    const made = await exporting.run({});
    if (made) download(`dotm-${made.generatedAt.slice(0, 10)}.json`, JSON.stringify(made, null, 2));
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

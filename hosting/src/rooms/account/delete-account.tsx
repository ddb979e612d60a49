import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { ApiError } from '../../api/errors.ts';
import { useOperation } from '../../api/use-operation.ts';
import { landAfterLeaving } from '../../auth/leave.ts';
import { authModule } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { ExportButton } from './export-account.tsx';
import { ProveIdentity } from './prove-identity.tsx';

/** Deletes the account: explains what goes and what stays, offers the export first, wants a word typed and a fresh sign-in. */
export function DeleteAccount() {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <section className="card stack" aria-labelledby="delete">
      <h2 id="delete">{t('account.delete')}</h2>
      <p className="soft">{t('account.deleteText')}</p>
      <div>
        <Button look="bad" onClick={() => setOpen(true)}>
          {t('account.delete')}
        </Button>
      </div>
      {open && <DeleteDialog close={() => setOpen(false)} />}
    </section>
  );
}

/** Leaves this device as after any sign-out, with a farewell at the end. */
async function goodbye(): Promise<void> {
  landAfterLeaving('/?deleted=1');
  await (await authModule()).leave();
}

function DeleteDialog(props: { close: () => void }) {
  const t = useText();
  const deletion = useOperation('deleteAccount');
  const [typed, setTyped] = useState('');
  const word = t('account.deleteWord');
  const code = deletion.error instanceof ApiError ? deletion.error.code : null;
  const mustProve = code === 'auth.recent_sign_in_required';

  // The answer to an earlier attempt may have been lost: the account is gone all the same.
  useEffect(() => {
    if (code === 'account.erased') void goodbye();
  }, [code]);

  async function erase() {
    if ((await deletion.run({ confirm: 'DELETE' })) !== null) await goodbye();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (typed.trim().toUpperCase() === word) void erase();
  }

  return (
    <Dialog title={t('account.deleteQuestion')} onClose={props.close}>
      {mustProve ? (
        <ProveIdentity proven={() => void erase()} />
      ) : (
        <>
          <ul className="bullets">
            <li>{t('account.deleteGoes')}</li>
            <li>{t('account.deleteStays')}</li>
            <li>{t('account.deleteFinal')}</li>
          </ul>
          <div className="row">
            <ExportButton />
          </div>
          <form className="stack" onSubmit={submit}>
            <Field
              label={t('account.deleteType', { word })}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <ErrorNotice error={deletion.error} />
            <div className="row">
              <Button type="submit" look="bad" busy={deletion.busy} disabled={typed.trim().toUpperCase() !== word}>
                {t('account.deleteNow')}
              </Button>
              <Button look="quiet" onClick={props.close}>
                {t('account.deleteKeep')}
              </Button>
            </div>
          </form>
        </>
      )}
    </Dialog>
  );
}

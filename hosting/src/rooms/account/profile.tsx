import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Account } from '../../../../functions/src/shared/api/account.ts';
import { locales } from '../../../../functions/src/shared/locale.ts';
import type { Locale } from '../../../../functions/src/shared/locale.ts';
import type { Currency } from '../../../../functions/src/shared/money.ts';
import { useOperation } from '../../api/use-operation.ts';
import { useLanguage } from '../../i18n/language.tsx';
import { useText } from '../../i18n/text.ts';
import { currencyName } from '../../format/money.ts';
import { keys, useCatalog } from '../../live/sources.ts';
import { setCurrency } from '../../preferences.ts';
import { Button } from '../../ui/button.tsx';
import { Field, SelectField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';

/** The languages by their own names: who cannot read the page must still find theirs. */
const languageNames: Record<Locale, string> = { en: 'English', fr: 'Français' };

/** Name, language and currency of the member. */
export function Profile(props: { account: Account }) {
  const t = useText();
  const { account } = props;
  const queries = useQueryClient();
  const { setLanguage } = useLanguage();
  const offered = useCatalog().data?.currencies.map(({ code }) => code) ?? [];
  // What the account has is among the choices, also after it is no longer sold in.
  const sold = offered.includes(account.currency) ? offered : [account.currency, ...offered];
  const update = useOperation('updateAccount');
  const [name, setName] = useState(account.displayName ?? '');
  const [saved, setSaved] = useState(false);

  async function save(change: { displayName?: string; locale?: Locale; currency?: Currency }) {
    setSaved(false);
    const changed = await update.run(change);
    if (!changed) return;
    queries.setQueryData(keys.account, changed);
    setSaved(true);
    if (change.locale) await setLanguage(change.locale);
    if (change.currency) setCurrency(change.currency);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    const displayName = name.trim();
    if (displayName !== '') void save({ displayName });
  }

  return (
    <section className="card stack" aria-labelledby="profile">
      <h2 id="profile">{t('account.profile')}</h2>
      <p>
        <span className="soft">{t('auth.email')}</span> <strong className="mono">{account.email ?? '–'}</strong>
      </p>
      <form className="account-name" onSubmit={submit}>
        <Field
          label={t('account.name')}
          name="name"
          autoComplete="name"
          maxLength={80}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" look="quiet" busy={update.busy}>
          {t('common.save')}
        </Button>
      </form>
      <div className="account-choices">
        <SelectField
          label={t('account.language')}
          value={account.locale}
          options={locales.map((value) => ({ value, text: languageNames[value] }))}
          onChange={(locale) => void save({ locale })}
        />
        <SelectField
          label={t('account.currency')}
          value={account.currency}
          options={sold.map((value) => ({ value, text: currencyName(value, t.locale) }))}
          onChange={(currency) => void save({ currency })}
        />
      </div>
      {saved && <Notice tone="good">{t('account.saved')}</Notice>}
      <ErrorNotice error={update.error} />
    </section>
  );
}

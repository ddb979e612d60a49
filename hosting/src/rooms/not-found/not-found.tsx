import { useText } from '../../i18n/text.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';

/** The page of an address that leads nowhere. */
export default function NotFound() {
  const t = useText();
  return (
    <Page title={t('notFound.title')} intro={t('notFound.text')}>
      <div className="row">
        <ButtonLink to="/">{t('notFound.home')}</ButtonLink>
        <ButtonLink to="/plans" look="quiet">
          {t('nav.plans')}
        </ButtonLink>
      </div>
    </Page>
  );
}

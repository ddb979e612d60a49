import type { RunCheckView } from '../../../../../functions/src/shared/api/distribution.ts';
import { useText } from '../../../i18n/text.ts';
import { Icon } from '../../../ui/icons.tsx';

/** What must hold before anything is signed: what holds, what does not, and what to do then. */
export function CheckList(props: { checks: readonly RunCheckView[] }) {
  const t = useText();
  if (props.checks.length === 0) return <p className="soft">{t('payments.checksNone')}</p>;
  return (
    <ul className="check-list">
      {props.checks.map(({ name, ok, detail }) => (
        <li key={name} className={ok ? 'check-ok' : 'check-bad'}>
          <Icon name={ok ? 'check' : 'bad'} />
          <div>
            <p>
              <span className="sr-only">{t(ok ? 'payments.check.ok' : 'payments.check.failed')}: </span>
              {t.maybe(`payments.check.${name}`) ?? name}
            </p>
            {!ok && <p>{t.maybe(`payments.fix.${name}`)}</p>}
            {!ok && <p className="soft small">{detail}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

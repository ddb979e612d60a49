import { useText } from '../../i18n/text.ts';
import { Field } from '../../ui/field.tsx';

/** Why an operator does something: at least three characters, kept in the audit log. */
export function ReasonField(props: { value: string; change: (value: string) => void }) {
  const t = useText();
  return (
    <Field
      label={t('operations.reason')}
      hint={t('operations.reasonHint')}
      required
      minLength={3}
      maxLength={500}
      value={props.value}
      onChange={(event) => props.change(event.target.value)}
    />
  );
}

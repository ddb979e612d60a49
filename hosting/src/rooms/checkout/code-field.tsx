import { useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

/** Takes a promotion code, or gives back the one in use. Says what is wrong with it where it is typed. */
export function CodeField(props: {
  code: string | null;
  problem: string | null;
  apply: (code: string | null) => void;
  busy: boolean;
}) {
  const t = useText();
  const [typed, setTyped] = useState('');
  if (props.code !== null) {
    return (
      <p className="code-used">
        <span>{t('checkout.codeUsed', { code: props.code })}</span>
        <Button look="link" size="small" busy={props.busy} onClick={() => props.apply(null)}>
          {t('checkout.codeRemove')}
        </Button>
      </p>
    );
  }
  return (
    <form
      className="code-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') props.apply(typed.trim());
      }}
    >
      <Field
        label={t('checkout.code')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        problem={props.problem}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={32}
      />
      <Button type="submit" look="quiet" busy={props.busy}>
        {t('checkout.codeApply')}
      </Button>
    </form>
  );
}

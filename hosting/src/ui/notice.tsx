import type { ReactNode } from 'react';
import { errorText } from '../api/errors.ts';
import { useText } from '../i18n/text.ts';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export type Tone = 'info' | 'good' | 'warn' | 'bad';
const icons: Record<Tone, IconName> = { info: 'info', good: 'check', warn: 'warn', bad: 'bad' };

/** A message in the flow of a page. Problems interrupt a screen reader; others wait their turn. */
export function Notice(props: { tone?: Tone; children: ReactNode; announce?: boolean }) {
  const tone = props.tone ?? 'info';
  const role = tone === 'bad' ? 'alert' : 'status';
  return (
    <div className={`notice notice-${tone}`} role={props.announce === false ? undefined : role}>
      <Icon name={icons[tone]} />
      <div>{props.children}</div>
    </div>
  );
}

/** Explains a failure in the member's words, with a way to try again where that may help. */
export function ErrorNotice(props: { error: unknown; retry?: () => void }) {
  const t = useText();
  if (props.error == null) return null;
  return (
    <Notice tone="bad">
      <p>{errorText(props.error, t)}</p>
      {props.retry && (
        <Button look="link" onClick={props.retry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </Notice>
  );
}

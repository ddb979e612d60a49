import { useEffect, useState } from 'react';
import { useText } from '../i18n/text.ts';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';

/** Copies a text and says so. `what` names it for screen readers ("Copy the SM-DP+ address"). */
export function CopyButton(props: { text: string; what: string }) {
  const t = useText();
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle');

  useEffect(() => {
    if (outcome === 'idle') return;
    const timer = setTimeout(() => setOutcome('idle'), 2500);
    return () => clearTimeout(timer);
  }, [outcome]);

  function copy() {
    // Without a secure context there is no clipboard: the text beside the button can still be marked by hand.
    const written = navigator.clipboard?.writeText(props.text) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  }

  return (
    <>
      <Button look="quiet" size="small" onClick={copy} aria-label={t('common.copyWhat', { what: props.what })}>
        <Icon name={outcome === 'copied' ? 'check' : 'copy'} size={18} />
        {outcome === 'copied' ? t('common.copied') : t('common.copy')}
      </Button>
      <span className="sr-only" role="status">
        {outcome === 'copied' && t('common.copiedWhat', { what: props.what })}
        {outcome === 'failed' && t('common.copyFailed')}
      </span>
    </>
  );
}

import type { Role } from '../../../../../functions/src/shared/operation.ts';
import { useText } from '../../../i18n/text.ts';
import { VoiceBudget } from './voice-budget.tsx';
import { VoiceClips } from './voice-clips.tsx';
import { VoiceRuns } from './voice-runs.tsx';
import './voices.css';

/** Roles that have speech recorded and thrown away; the others read. */
const recorders: readonly Role[] = ['owner', 'operations'];

/** The operators' view of voice messages: what they cost, what is being recorded, what failed. */
export function Voices(props: { role: Role }) {
  const t = useText();
  const mayRecord = recorders.includes(props.role);
  return (
    <section className="stack" aria-label={t('operations.part.voices')} style={{ '--gap': '36px' }}>
      <VoiceRuns mayRecord={mayRecord} />
      <VoiceBudget />
      <VoiceClips mayRecord={mayRecord} />
    </section>
  );
}

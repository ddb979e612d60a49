import { useState } from 'react';
import { useSession } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { Segmented } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import NotFound from '../not-found/not-found.tsx';
import { Alerts } from './alerts.tsx';
import { Catalogue } from './catalogue/catalogue.tsx';
import { Distribution } from './distribution/distribution.tsx';
import { Differences } from './differences.tsx';
import { FindMember } from './find-member.tsx';
import { Voices } from './voices/voices.tsx';
import './operations.css';

const parts = ['alerts', 'differences', 'members', 'catalogue', 'payments', 'voices'] as const;
type Part = (typeof parts)[number];

/** The operators' room: what went wrong, what does not add up, a member's orders with refunds, what is sold, what is paid on the chain, and what is spoken. For a role claim only. */
export default function Operations() {
  const t = useText();
  const session = useSession();
  const [part, setPart] = useState<Part>('alerts');
  // Without a role the room does not exist; the server would say the same.
  if (session.status !== 'signed-in' || session.user.role === null) return <NotFound />;
  return (
    <Page title={t('operations.title')} intro={t('operations.role', { role: session.user.role })}>
      <div className="stack" style={{ '--gap': '24px' }}>
        <Segmented
          label={t('operations.title')}
          value={part}
          options={parts.map((value) => ({ value, text: t(`operations.part.${value}`) }))}
          onChange={setPart}
        />
        {part === 'alerts' && <Alerts />}
        {part === 'differences' && <Differences />}
        {part === 'members' && <FindMember />}
        {part === 'catalogue' && <Catalogue role={session.user.role} />}
        {part === 'payments' && <Distribution role={session.user.role} />}
        {part === 'voices' && <Voices role={session.user.role} />}
      </div>
    </Page>
  );
}

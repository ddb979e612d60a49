import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';
import { useOnline } from '../api/connection.ts';
import { useSession } from '../auth/session.ts';
import type { MessageId } from '../i18n/messages.ts';
import { useText } from '../i18n/text.ts';
import { useRuntimeConfig } from '../runtime-config.ts';
import { Announcer } from '../ui/announcer.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import type { IconName } from '../ui/icons.tsx';
import { AccountSync } from './account-sync.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';
import { VoiceCorner } from './voice-corner.tsx';
import { loadNewVersion, useNewVersion } from './new-version.ts';

interface Door {
  to: string;
  text: MessageId;
  icon: IconName;
  /** Five doors fit at the foot of a phone: this one is an icon at its head. */
  isAtHead?: boolean;
}

const memberDoors: Door[] = [
  { to: '/plans', text: 'nav.plans', icon: 'plans' },
  { to: '/esim', text: 'nav.esim', icon: 'sim' },
  { to: '/orders', text: 'nav.orders', icon: 'orders' },
  { to: '/rewards', text: 'nav.rewards', icon: 'rewards' },
  { to: '/messages', text: 'nav.messages', icon: 'messages', isAtHead: true },
  { to: '/account', text: 'nav.account', icon: 'account' },
];
const visitorDoors: Door[] = [{ to: '/plans', text: 'nav.plans', icon: 'plans' }];
const operatorDoor: Door = { to: '/operations', text: 'nav.operations', icon: 'operations' };

/** What surrounds every room: skip link, header, strips for what the member must know, tab bar on phones, footer. */
export function Shell(props: { children: ReactNode }) {
  const t = useText();
  const session = useSession();
  const member = session.status === 'signed-in';
  return (
    <div className={member ? 'shell shell-member' : 'shell'}>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Header />
      <Strips />
      {props.children}
      <Footer />
      {member && <TabBar />}
      {member && <VoiceCorner />}
      {member && <AccountSync />}
      <Announcer />
    </div>
  );
}

function useDoors(): Door[] {
  const session = useSession();
  if (session.status !== 'signed-in') return visitorDoors;
  return session.user.role === null ? memberDoors : [...memberDoors, operatorDoor];
}

function Header() {
  const t = useText();
  const session = useSession();
  const doors = useDoors();
  return (
    <header className="top">
      <div className="top-in">
        <Brand />
        <nav className="nav" aria-label={t('nav.main')}>
          {doors.map((door) => (
            <NavLink key={door.to} to={door.to}>
              {t(door.text)}
            </NavLink>
          ))}
        </nav>
        {doors
          .filter((door) => door.isAtHead)
          .map((door) => (
            <NavLink key={door.to} to={door.to} className="icon-button top-door" aria-label={t(door.text)}>
              <Icon name={door.icon} />
            </NavLink>
          ))}
        <LanguageSwitch />
        <ThemeSwitch />
        {session.status === 'signed-out' && (
          <ButtonLink to="/sign-in" look="quiet" size="small">
            {t('nav.signIn')}
          </ButtonLink>
        )}
      </div>
    </header>
  );
}

function Brand() {
  return (
    <Link to="/" className="brand" aria-label="DOTM">
      dotm
      <i />
    </Link>
  );
}

function TabBar() {
  const t = useText();
  return (
    <nav className="tabs" aria-label={t('nav.tabs')}>
      {memberDoors
        .filter((door) => !door.isAtHead)
        .map((door) => (
          <NavLink key={door.to} to={door.to}>
            <Icon name={door.icon} />
            {t(door.text)}
          </NavLink>
        ))}
    </nav>
  );
}

function Strips() {
  const t = useText();
  const online = useOnline();
  const newVersion = useNewVersion();
  return (
    <div role="status">
      {!online && <p className="strip">{t('offline.banner')}</p>}
      {newVersion && (
        <div className="strip">
          {t('version.new')}
          <Button look="link" onClick={loadNewVersion}>
            {t('version.load')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Footer() {
  const t = useText();
  const { links } = useRuntimeConfig();
  const session = useSession();
  return (
    <footer className="foot">
      <div className="foot-in">
        <Brand />
        <span>{t('foot.promise')}</span>
        {/* Another document, drawn by a function: the router has no room for it. */}
        <a href={`/catalog?lang=${t.locale}`}>{t('foot.catalog')}</a>
        <Link to="/dotm">{t('foot.token')}</Link>
        <Link to="/docs/api">{t('foot.api')}</Link>
        {links?.sandbox !== undefined && <a href={links.sandbox}>{t('foot.sandbox')}</a>}
        {session.status === 'signed-in' && session.user.role !== null && (
          <Link to="/operations">{t('nav.operations')}</Link>
        )}
      </div>
    </footer>
  );
}

import { useState } from 'react';
import type { Line } from '../../../../functions/src/shared/api/orders.ts';
import { installLinks } from '../../../../functions/src/shared/install-links.ts';
import { useText } from '../../i18n/text.ts';
import { ButtonAnchor } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DeviceSteps } from './device-steps.tsx';
import { guessDevice } from './device.ts';
import type { Device } from './device.ts';
import { InstalledButton, ResendButton } from './line-deeds.tsx';
import { QrCode } from './qr-code.tsx';
import './esim.css';

type Activation = NonNullable<Line['activation']>;

/** Everything that puts the eSIM on a phone: one tap, QR code, typing, and the steps on the member's kind of phone. */
export function InstallPanel(props: { line: Line }) {
  const t = useText();
  const { line } = props;
  if (line.activation === null) return <NotReady line={line} />;
  if (line.state === 'released') return <Install line={line} activation={line.activation} />;
  // Once installed the code has done its work and stays out of the way. A line that is active at the carrier may still not be
  // on the phone: only its owner knows.
  return (
    <details className="card again" open={line.state === 'active'}>
      <summary>{t('esim.showAgain')}</summary>
      <Install line={line} activation={line.activation} />
    </details>
  );
}

function NotReady(props: { line: Line }) {
  const t = useText();
  if (props.line.state !== 'provisioning') {
    return <Notice>{t('esim.noCode')}</Notice>;
  }
  return (
    <section className="card stack" aria-busy="true">
      <h2>{t('esim.preparing')}</h2>
      <p className="soft">{t('esim.preparingText')}</p>
      <Skeleton height={220} />
    </section>
  );
}

function Install(props: { line: Line; activation: Activation }) {
  const t = useText();
  const [device, setDevice] = useState<Device>(() => guessDevice(navigator.userAgent, navigator.maxTouchPoints));
  const { line, activation } = props;
  return (
    <section className="card install" aria-labelledby="install">
      <div className="stack" style={{ '--gap': '6px' }}>
        <h2 id="install">{t('esim.install')}</h2>
        <p className="soft">{t('esim.installText')}</p>
      </div>
      <Segmented
        label={t('esim.device')}
        value={device}
        options={(['iphone', 'android', 'other'] as const).map((value) => ({ value, text: t(`esim.device.${value}`) }))}
        onChange={setDevice}
      />
      <OneTap lpa={activation.lpa} device={device} />
      <div className="install-code">
        <figure>
          <QrCode text={activation.lpa} label={t('esim.qrLabel')} />
          <figcaption className="soft small">{t('esim.qrText')}</figcaption>
        </figure>
        <Manual activation={activation} />
      </div>
      {activation.confirmationCodeRequired && <Notice announce={false}>{t('esim.confirmationCode')}</Notice>}
      <DeviceSteps device={device} />
      <ul className="good-to-know small">
        <li>{t('esim.know.keep')}</li>
        <li>{t('esim.know.once')}</li>
        <li>{t('esim.know.secret')}</li>
      </ul>
      <div className="row">
        {line.state === 'released' && <InstalledButton line={line} />}
        <ResendButton line={line} />
      </div>
    </section>
  );
}

/** Both links are always there (a code may be opened on one phone for another); the fitting one comes first and strong. */
function OneTap(props: { lpa: string; device: Device }) {
  const t = useText();
  const links = installLinks(props.lpa);
  const ios = (
    <ButtonAnchor key="ios" href={links.apple} look={props.device === 'iphone' ? 'main' : 'quiet'} testId="ios-link">
      <Icon name="phone" size={20} />
      {t('esim.oneTap.iphone')}
    </ButtonAnchor>
  );
  const android = (
    <ButtonAnchor
      key="android"
      href={links.android}
      look={props.device === 'android' ? 'main' : 'quiet'}
      testId="android-link"
    >
      <Icon name="phone" size={20} />
      {t('esim.oneTap.android')}
    </ButtonAnchor>
  );
  return (
    <div className="stack" style={{ '--gap': '8px' }}>
      <div className="row one-tap">{props.device === 'android' ? [android, ios] : [ios, android]}</div>
      <p className="soft small">{t(props.device === 'other' ? 'esim.oneTap.other' : 'esim.oneTap.hint')}</p>
    </div>
  );
}

function Manual(props: { activation: Activation }) {
  const t = useText();
  const fields = [
    { id: 'smdp-address', name: t('esim.smdp'), value: props.activation.smdpAddress },
    { id: 'matching-id', name: t('esim.matchingId'), value: props.activation.matchingId },
  ];
  return (
    <div className="manual">
      <h3>{t('esim.manual')}</h3>
      <dl className="stack" style={{ '--gap': '14px' }}>
        {fields.map((field) => (
          <div key={field.id} className="manual-field">
            <dt className="soft small">{field.name}</dt>
            <dd className="mono" data-testid={field.id}>
              {field.value}
            </dd>
            <dd>
              <CopyButton text={field.value} what={field.name} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

import type { MessageId } from '../../i18n/messages.ts';
import { useText } from '../../i18n/text.ts';
import { PhonePicture } from '../../pictures/phone.tsx';
import type { PhoneScreen } from '../../pictures/phone.tsx';
import type { Device } from './device.ts';

const steps: Record<Device, { screen: PhoneScreen; text: MessageId }[]> = {
  iphone: [
    { screen: 'open', text: 'steps.iphone.1' },
    { screen: 'add', text: 'steps.iphone.2' },
    { screen: 'confirm', text: 'steps.iphone.3' },
    { screen: 'roaming', text: 'steps.iphone.4' },
  ],
  android: [
    { screen: 'open', text: 'steps.android.1' },
    { screen: 'scan', text: 'steps.android.2' },
    { screen: 'confirm', text: 'steps.android.3' },
    { screen: 'roaming', text: 'steps.android.4' },
  ],
  other: [
    { screen: 'settings', text: 'steps.other.1' },
    { screen: 'scan', text: 'steps.other.2' },
    { screen: 'typed', text: 'steps.other.3' },
    { screen: 'roaming', text: 'steps.other.4' },
  ],
};

/** The way through the phone's own screens, in words and pictures. */
export function DeviceSteps(props: { device: Device }) {
  const t = useText();
  return (
    <div className="stack">
      <h3>{t('steps.title', { device: t(`esim.device.${props.device}`) })}</h3>
      <ol className="device-steps">
        {steps[props.device].map((step) => (
          <li key={step.text}>
            <PhonePicture screen={step.screen} />
            <p>{t(step.text)}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

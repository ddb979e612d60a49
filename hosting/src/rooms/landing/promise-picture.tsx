import { useText } from '../../i18n/text.ts';
import { Icon } from '../../ui/icons.tsx';

/** The promise as a picture: one way in, a clock, and exactly two ways out. The words carry the meaning alone. */
export function PromisePicture() {
  const t = useText();
  return (
    <section className="promise" id="promise" aria-labelledby="promise-title">
      <div className="promise-head">
        <h2 id="promise-title">{t('promise.title')}</h2>
        <p className="soft">{t('promise.lead')}</p>
      </div>
      <ol className="promise-picture">
        <li className="promise-pay">
          <Icon name="orders" />
          <strong>{t('promise.pay')}</strong>
        </li>
        <li className="promise-clock">
          <Clock />
          <strong>{t('promise.clock')}</strong>
        </li>
        <li className="promise-ends">
          <svg className="promise-fork" viewBox="0 0 100 200" preserveAspectRatio="none" aria-hidden="true">
            <path d="M0 100C60 100 40 48 100 48" className="promise-way-good" />
            <path d="M0 100C60 100 40 152 100 152" className="promise-way-back" />
          </svg>
          <ul>
            <li className="promise-good">
              <Icon name="check" size={26} />
              <span>
                <strong>{t('promise.connected')}</strong>
                {t('promise.connectedText')}
              </span>
            </li>
            <li className="promise-back">
              <Icon name="back" size={26} />
              <span>
                <strong>{t('promise.refunded')}</strong>
                {t('promise.refundedText')}
              </span>
            </li>
          </ul>
        </li>
      </ol>
    </section>
  );
}

function Clock() {
  return (
    <svg viewBox="0 0 120 120" className="clock" aria-hidden="true">
      <circle cx="60" cy="60" r="50" className="clock-ring" />
      <circle cx="60" cy="60" r="50" className="clock-run" pathLength={60} />
      <text x="60" y="73" textAnchor="middle">
        30′
      </text>
    </svg>
  );
}

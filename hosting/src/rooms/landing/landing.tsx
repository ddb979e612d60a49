import { useText } from '../../i18n/text.ts';
import type { MessageId } from '../../i18n/messages.ts';
import { Globe } from '../../pictures/globe.tsx';
import { useCatalog } from '../../live/sources.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LiveView } from '../../ui/live-view.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { CurrencySwitch } from '../plans/currency-switch.tsx';
import { PlanCard } from '../plans/plan-card.tsx';
import { useSoldCurrency } from '../plans/sold-currency.ts';
import { PromisePicture } from './promise-picture.tsx';
import './landing.css';

/** Plans that a newcomer sees first; the rest is one click away. */
const shown = ['esim_starter', 'global_data_10gb', 'basic_membership', 'full_membership'];

const worries = ['paid', 'lost', 'surprise', 'refund'] as const;

/** The first page: what it is, what is promised, what it costs. */
export default function Landing() {
  const t = useText();
  const goodbye = new URLSearchParams(location.search).has('deleted');
  return (
    <Page title={t('landing.title')} heading={false}>
      <div className="landing">
        {goodbye && <Notice tone="good">{t('landing.goodbye')}</Notice>}
        <Hero />
        <PromisePicture />
        <Prices />
        <Steps />
        <Worries />
      </div>
    </Page>
  );
}

function Hero() {
  const t = useText();
  return (
    <section className="hero">
      <div className="hero-words">
        <h1>{t('landing.headline')}</h1>
        <p>{t('landing.lead')}</p>
        <div className="row">
          <ButtonLink to="/plans">
            {t('landing.choose')}
            <Icon name="arrow" size={20} />
          </ButtonLink>
          <a href="#promise">{t('landing.how')}</a>
        </div>
      </div>
      <div className="hero-picture">
        <Globe />
      </div>
    </section>
  );
}

function Prices() {
  const t = useText();
  const catalog = useCatalog();
  const currency = useSoldCurrency();
  return (
    <section className="stack" aria-labelledby="prices" style={{ '--gap': '24px' }}>
      <div className="landing-head">
        <h2 id="prices">{t('landing.prices')}</h2>
        <CurrencySwitch />
      </div>
      <LiveView live={catalog}>
        {({ products }) => (
          <ul className="plan-grid">
            {shown
              .flatMap((id) => products.find((product) => product.id === id) ?? [])
              .map((product) => (
                <li key={product.id}>
                  <PlanCard product={product} currency={currency} />
                </li>
              ))}
          </ul>
        )}
      </LiveView>
      <p className="row">
        <ButtonLink to="/plans" look="quiet">
          {t('landing.allPlans')}
        </ButtonLink>
        <a href={`/catalog/build?lang=${t.locale}`}>{t('landing.build')}</a>
      </p>
    </section>
  );
}

const steps: { title: MessageId; text: MessageId }[] = [
  { title: 'landing.step1.title', text: 'landing.step1.text' },
  { title: 'landing.step2.title', text: 'landing.step2.text' },
  { title: 'landing.step3.title', text: 'landing.step3.text' },
];

function Steps() {
  const t = useText();
  return (
    <section className="stack" aria-labelledby="steps" style={{ '--gap': '24px' }}>
      <h2 id="steps">{t('landing.steps')}</h2>
      <ol className="landing-steps">
        {steps.map((step, index) => (
          <li key={step.title}>
            <span aria-hidden="true">{index + 1}</span>
            <h3>{t(step.title)}</h3>
            <p className="soft">{t(step.text)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Worries() {
  const t = useText();
  return (
    <section className="worries" aria-labelledby="worries">
      <h2 id="worries">{t('landing.worries')}</h2>
      <dl>
        {worries.map((worry) => (
          <div key={worry}>
            <dt>{t(`landing.worry.${worry}.title`)}</dt>
            <dd className="soft">{t(`landing.worry.${worry}.text`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

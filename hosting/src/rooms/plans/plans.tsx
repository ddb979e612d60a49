import type { Product } from '../../../../functions/src/shared/api/catalog.ts';
import type { Currency } from '../../../../functions/src/shared/money.ts';
import { useText } from '../../i18n/text.ts';
import { useCatalog } from '../../live/sources.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import { CurrencySwitch } from './currency-switch.tsx';
import { PlanCard, pricePath } from './plan-card.tsx';
import { priceTag, productDescription, productFacts, productName } from './product-words.ts';
import { useSoldCurrency } from './sold-currency.ts';

type Kind = Product['kind'];
/** Shown as cards: what people come for. The others are short lines that open. */
const cardKinds: Kind[] = ['connectivity', 'membership', 'physical'];
const lineKinds: Kind[] = ['network_feature', 'communication_feature'];

/** The whole catalogue by kind, each product with its details and a way to buy it. */
export default function Plans() {
  const t = useText();
  const catalog = useCatalog();
  const currency = useSoldCurrency();
  return (
    <Page title={t('plans.title')} intro={t('plans.intro')}>
      <div className="plans-bar">
        <p className="soft">{t('plans.promise')}</p>
        <CurrencySwitch />
      </div>
      <LiveView live={catalog}>
        {({ products }) => (
          <div className="plan-groups">
            {cardKinds.map((kind) => (
              <Cards key={kind} kind={kind} products={products} currency={currency} />
            ))}
            {lineKinds.map((kind) => (
              <Lines key={kind} kind={kind} products={products} currency={currency} />
            ))}
          </div>
        )}
      </LiveView>
    </Page>
  );
}

interface GroupProps {
  kind: Kind;
  products: Product[];
  currency: Currency;
}

function Group(props: { kind: Kind; children: React.ReactNode }) {
  const t = useText();
  return (
    <section className="plan-group" aria-labelledby={`kind-${props.kind}`}>
      <div className="stack" style={{ '--gap': '6px' }}>
        <h2 id={`kind-${props.kind}`}>{t(`plans.kind.${props.kind}.title`)}</h2>
        <p className="soft">{t(`plans.kind.${props.kind}.text`)}</p>
      </div>
      {props.children}
    </section>
  );
}

function Cards(props: GroupProps) {
  const products = props.products.filter((product) => product.kind === props.kind);
  if (products.length === 0) return null;
  return (
    <Group kind={props.kind}>
      <ul className="plan-grid">
        {products.map((product) => (
          <li key={product.id}>
            <PlanCard product={product} currency={props.currency} />
          </li>
        ))}
      </ul>
    </Group>
  );
}

function Lines(props: GroupProps) {
  const products = props.products.filter((product) => product.kind === props.kind);
  if (products.length === 0) return null;
  return (
    <Group kind={props.kind}>
      <div className="features">
        {products.map((product) => (
          <Line key={product.id} product={product} currency={props.currency} />
        ))}
      </div>
    </Group>
  );
}

function Line(props: { product: Product; currency: Currency }) {
  const t = useText();
  const { product, currency } = props;
  const tag = priceTag(product, currency, t);
  const name = productName(product, t);
  return (
    <details>
      <summary>
        <h3>{name}</h3>
        <span className="num">
          {tag.amount} <span className="soft small">{tag.per}</span>
        </span>
      </summary>
      <div>
        <p>{productDescription(product, t)}</p>
        {productFacts(product, t).map((fact) => (
          <p className="soft" key={fact}>
            {fact}
          </p>
        ))}
        {product.sellable ? (
          <ButtonLink to={pricePath(product, currency)} size="small">
            {t('plans.buy')}
            <span className="sr-only"> {name}</span>
          </ButtonLink>
        ) : (
          <p className="soft">{t('plans.notYet')}</p>
        )}
      </div>
    </details>
  );
}

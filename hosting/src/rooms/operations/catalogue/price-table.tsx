import { useId, useState } from 'react';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { productName } from '../../plans/product-words.ts';
import type { Cycle, ProductForm } from './draft-form.ts';
import { changeOne, useEditing } from './editing.ts';
import { NewProduct } from './new-product.tsx';
import { ProductDialog } from './product-dialog.tsx';

/** All products with their prices: a row for each billing cycle, a column for each currency. A phone shows a card for each product. */
export function PriceTable() {
  const t = useText();
  const { form, readOnly } = useEditing();
  const [open, setOpen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const product = form.products.find(({ id }) => id === open);
  return (
    <section className="stack" aria-labelledby="catalogue-products">
      <h3 id="catalogue-products">{t('catalogue.products')}</h3>
      <div className="table-frame price-frame" tabIndex={0} role="region" aria-labelledby="catalogue-products">
        <table className="price-table">
          <thead>
            <tr>
              <th scope="col">{t('catalogue.column.product')}</th>
              <th scope="col">{t('catalogue.column.cycle')}</th>
              {form.currencies.map(({ code }) => (
                <th scope="col" key={code}>
                  {code}
                </th>
              ))}
            </tr>
          </thead>
          {form.products.map((entry) => (
            <ProductRows key={entry.id} product={entry} open={() => setOpen(entry.id)} />
          ))}
        </table>
      </div>
      {!readOnly && (
        <div>
          <Button look="quiet" size="small" onClick={() => setAdding(true)}>
            {t('catalogue.addProduct')}
          </Button>
        </div>
      )}
      {product && <ProductDialog product={product} close={() => setOpen(null)} />}
      {adding && (
        <NewProduct
          close={() => setAdding(false)}
          added={(id) => {
            setAdding(false);
            setOpen(id);
          }}
        />
      )}
    </section>
  );
}

function ProductRows(props: { product: ProductForm; open: () => void }) {
  const t = useText();
  const { form, readOnly, problemsOf } = useEditing();
  const { product } = props;
  const name = productName(product, t);
  const problems = problemsOf(`product/${product.id}/`);
  const free = product.billing === 'free';
  const cycles: (Cycle | 'free')[] = free ? ['free'] : product.cycles;
  return (
    <tbody>
      {cycles.map((cycle, index) => (
        <tr key={cycle}>
          {index === 0 && (
            <th scope="rowgroup" rowSpan={cycles.length}>
              <span className="price-name">{name}</span>
              <span className="soft small">{describe(product, t)}</span>
              {problems.map((problem) => (
                <span className="field-problem" role="alert" key={problem}>
                  {problem}
                </span>
              ))}
              <Button look="link" onClick={props.open}>
                {t(readOnly ? 'catalogue.look' : 'catalogue.edit')}
                <span className="sr-only"> {name}</span>
              </Button>
            </th>
          )}
          <td className="price-cycle">{t(`plans.per.${cycle}`)}</td>
          {form.currencies.map(({ code }) => (
            <td key={code} data-code={cycle === 'free' ? undefined : code}>
              {cycle !== 'free' && <PriceInput product={product} name={name} code={code} cycle={cycle} />}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

/** What matters about a product at a glance: its reward, and whether and where it is sold. */
function describe(product: ProductForm, t: ReturnType<typeof useText>): string {
  const reward = product.reward === '0' ? null : t('catalogue.rewardOf', { percent: product.reward });
  const sold = product.sellable ? null : t('catalogue.notSold');
  const where = product.countries === '' ? null : product.countries;
  return [reward, sold, where].filter((part) => part !== null).join(' · ');
}

function PriceInput(props: { product: ProductForm; name: string; code: string; cycle: Cycle }) {
  const t = useText();
  const id = useId();
  const { readOnly, update, problemOf } = useEditing();
  const { product, name, code, cycle } = props;
  const price = `${code}/${cycle}`;
  const key = `product/${product.id}/${price}`;
  const value = product.prices[price] ?? '';
  const problem = problemOf(key);
  if (readOnly) return <span className="num">{value === '' ? '–' : value}</span>;
  return (
    <>
      <input
        className="price-input num"
        aria-label={t('catalogue.priceOf', { name, currency: code, cycle: t(`plans.per.${cycle}`) })}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onChange={(event) => {
          const prices = { ...product.prices, [price]: event.target.value };
          update(key, (form) => ({
            ...form,
            products: changeOne(form.products, (entry) => entry.id === product.id, { prices }),
          }));
        }}
      />
      {problem && (
        <span className="field-problem" id={id}>
          {problem}
        </span>
      )}
    </>
  );
}

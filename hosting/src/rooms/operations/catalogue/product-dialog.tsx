import type { ReactNode } from 'react';
import { billingCycles, billingKinds } from '../../../../../functions/src/shared/api/catalog.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, SelectField } from '../../../ui/field.tsx';
import { productName } from '../../plans/product-words.ts';
import type { ProductForm } from './draft-form.ts';
import { changeOne, useEditing } from './editing.ts';

type TextField = 'name' | 'reward' | 'megabytes' | 'validityDays' | 'countries';
type Switch = 'oncePerPerson' | 'includesLine' | 'sellable';

/** Everything about a product but its prices, and taking it out. Changes are part of the draft at once; the draft is saved as a whole. */
export function ProductDialog(props: { product: ProductForm; close: () => void }) {
  const t = useText();
  const { form, readOnly, update, problemsOf } = useEditing();
  const { product } = props;
  const change = (field: string, part: Partial<ProductForm>) =>
    update(`product/${product.id}/${field}`, (before) => ({
      ...before,
      products: changeOne(before.products, ({ id }) => id === product.id, part),
    }));
  const position = form.products.findIndex(({ id }) => id === product.id);
  const move = (by: -1 | 1) =>
    update(`product/${product.id}`, (before) => {
      const others = before.products.filter(({ id }) => id !== product.id);
      return { ...before, products: others.toSpliced(position + by, 0, product) };
    });
  function remove() {
    update(`product/${product.id}`, (before) => ({
      ...before,
      products: before.products.filter(({ id }) => id !== product.id),
    }));
    props.close();
  }
  return (
    <Dialog title={productName(product, t)} onClose={props.close}>
      <p className="mono soft">{product.id}</p>
      {problemsOf(`product/${product.id}/`).map((problem) => (
        <p className="field-problem" role="alert" key={problem}>
          {problem}
        </p>
      ))}
      <fieldset className="stack" disabled={readOnly}>
        <legend className="sr-only">{productName(product, t)}</legend>
        {(['name', 'reward', 'megabytes', 'validityDays', 'countries'] as const).map((field) => (
          <ProductText key={field} product={product} field={field} change={change} />
        ))}
        <SelectField
          label={t('catalogue.billing')}
          value={product.billing}
          options={billingKinds.map((value) => ({ value, text: t(`plans.per.${value}`) }))}
          onChange={(billing) => {
            const cycles = billingCycles.filter((cycle) => cycle === billing || product.cycles.includes(cycle));
            change('billing', { billing, cycles });
          }}
        />
        {product.billing !== 'free' && (
          <fieldset>
            <legend className="legend">{t('catalogue.cycles')}</legend>
            {billingCycles.map((cycle) => (
              <Check
                key={cycle}
                checked={product.cycles.includes(cycle)}
                disabled={cycle === product.billing}
                onChange={(on) => change('cycles', withCycle(product, cycle, on))}
              >
                {t(`plans.per.${cycle}`)}
              </Check>
            ))}
          </fieldset>
        )}
        <div>
          {(['sellable', 'oncePerPerson', 'includesLine'] as const satisfies Switch[]).map((field) => (
            <Check key={field} checked={product[field]} onChange={(on) => change(field, { [field]: on })}>
              {t(`catalogue.${field}`)}
            </Check>
          ))}
        </div>
      </fieldset>
      <div className="row">
        <Button onClick={props.close}>{t('catalogue.done')}</Button>
        {!readOnly && (
          <>
            <Button look="quiet" disabled={position === 0} onClick={() => move(-1)}>
              {t('catalogue.earlier')}
            </Button>
            <Button look="quiet" disabled={position === form.products.length - 1} onClick={() => move(1)}>
              {t('catalogue.later')}
            </Button>
            <Button look="bad" onClick={remove}>
              {t('catalogue.removeProduct')}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** A cycle that goes takes its prices with it. */
function withCycle(product: ProductForm, cycle: ProductForm['cycles'][number], on: boolean): Partial<ProductForm> {
  const cycles = billingCycles.filter((known) => (known === cycle ? on : product.cycles.includes(known)));
  const prices = Object.entries(product.prices).filter(([price]) => on || !price.endsWith(`/${cycle}`));
  return { cycles, prices: Object.fromEntries(prices) };
}

function ProductText(props: {
  product: ProductForm;
  field: TextField;
  change: (field: string, part: Partial<ProductForm>) => void;
}) {
  const t = useText();
  const { problemOf } = useEditing();
  const { product, field } = props;
  return (
    <Field
      label={t(`catalogue.${field}`)}
      hint={t(`catalogue.${field}Hint`)}
      autoComplete="off"
      inputMode={field === 'name' || field === 'countries' ? 'text' : 'decimal'}
      value={product[field]}
      problem={problemOf(`product/${product.id}/${field}`)}
      onChange={(event) => props.change(field, { [field]: event.target.value })}
    />
  );
}

function Check(props: { checked: boolean; disabled?: boolean; onChange: (on: boolean) => void; children: ReactNode }) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span>{props.children}</span>
    </label>
  );
}

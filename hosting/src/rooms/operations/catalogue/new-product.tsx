import { useState } from 'react';
import { productIdSchema, productKinds } from '../../../../../functions/src/shared/api/catalog.ts';
import type { Product } from '../../../../../functions/src/shared/api/catalog.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, SelectField } from '../../../ui/field.tsx';
import { useEditing } from './editing.ts';

/** Adds a product to the draft, not for sale yet. Its id is what everything else calls it, so it is asked for once and never changes. */
export function NewProduct(props: { close: () => void; added: (id: string) => void }) {
  const t = useText();
  const { form, update } = useEditing();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Product['kind']>('connectivity');
  const [asked, setAsked] = useState(false);
  const taken = form.products.some((product) => product.id === id);
  const wrong = !productIdSchema.safeParse(id).success;
  function add() {
    setAsked(true);
    if (wrong || taken || name.trim() === '') return;
    const product = {
      ...{ id, name: name.trim(), kind, billing: 'one_time' as const, cycles: ['one_time' as const], prices: {} },
      ...{ reward: '0', megabytes: '', validityDays: '', countries: '' },
      ...{ oncePerPerson: false, includesLine: false, sellable: false },
    };
    update(`product/${id}`, (before) => ({ ...before, products: [...before.products, product] }));
    props.added(id);
  }
  return (
    <Dialog title={t('catalogue.addProduct')} onClose={props.close}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field
          label={t('catalogue.productId')}
          hint={t('catalogue.productIdHint')}
          autoComplete="off"
          spellCheck={false}
          value={id}
          problem={asked && wrong ? t('catalogue.invalid.id') : asked && taken ? t('catalogue.invalid.taken') : null}
          onChange={(event) => setId(event.target.value.trim())}
        />
        <Field
          label={t('catalogue.name')}
          hint={t('catalogue.nameHint')}
          maxLength={80}
          value={name}
          problem={asked && name.trim() === '' ? t('catalogue.invalid.name') : null}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t('catalogue.kind')}
          value={kind}
          options={productKinds.map((value) => ({ value, text: t(`plans.kind.${value}.title`) }))}
          onChange={setKind}
        />
        <div className="row">
          <Button type="submit">{t('catalogue.addProduct')}</Button>
          <Button look="quiet" onClick={props.close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

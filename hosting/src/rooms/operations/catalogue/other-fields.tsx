import { useState } from 'react';
import type { ReactNode } from 'react';
import { productKinds } from '../../../../../functions/src/shared/api/catalog.ts';
import { isCurrency } from '../../../../../functions/src/shared/money.ts';
import { currencyName } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, SelectField } from '../../../ui/field.tsx';
import { productName } from '../../plans/product-words.ts';
import type { BundleForm, MemberDiscountForm } from './draft-form.ts';
import { changeOne, useEditing } from './editing.ts';

/** What is not a product: currencies, countries, bundles, what members pay less. */
export function OtherFields() {
  const { readOnly } = useEditing();
  return (
    <fieldset className="stack" disabled={readOnly} style={{ '--gap': '24px' }}>
      <Currencies />
      <Countries />
      <Bundles />
      <MemberDiscounts />
    </fieldset>
  );
}

function Part(props: { name: 'currencies' | 'countries' | 'bundles' | 'discounts'; children: ReactNode }) {
  const t = useText();
  const { problemOf } = useEditing();
  const problem = problemOf(props.name);
  return (
    <section className="stack" aria-labelledby={`catalogue-${props.name}`}>
      <h3 id={`catalogue-${props.name}`}>{t(`catalogue.part.${props.name}`)}</h3>
      <p className="soft">{t(`catalogue.part.${props.name}Text`)}</p>
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      {props.children}
    </section>
  );
}

function Currencies() {
  const t = useText();
  const { form, readOnly, update, problemOf } = useEditing();
  const [code, setCode] = useState('');
  const wanted = code.trim().toUpperCase();
  const taken = form.currencies.some((sold) => sold.code === wanted);
  const usable = isCurrency(wanted) && !taken;
  function add() {
    if (!isCurrency(wanted)) return;
    update(`currency/${wanted}`, (before) => ({
      ...before,
      currencies: [...before.currencies, { code: wanted, rewardRate: '1' }],
    }));
    setCode('');
  }
  return (
    <Part name="currencies">
      {form.currencies.map((sold) => (
        <div className="catalogue-line" key={sold.code}>
          <Field
            label={`${sold.code} · ${currencyName(sold.code, t.locale)}`}
            hint={t('catalogue.rewardRate', { currency: sold.code })}
            inputMode="decimal"
            autoComplete="off"
            value={sold.rewardRate}
            problem={problemOf(`currency/${sold.code}/rewardRate`) ?? problemOf(`currency/${sold.code}/code`)}
            onChange={(event) => {
              const rewardRate = event.target.value;
              update(`currency/${sold.code}/rewardRate`, (before) => ({
                ...before,
                currencies: changeOne(before.currencies, (one) => one.code === sold.code, { rewardRate }),
              }));
            }}
          />
          <Remove
            name={sold.code}
            remove={() =>
              update(`currency/${sold.code}`, (before) => ({
                ...before,
                currencies: before.currencies.filter((one) => one.code !== sold.code),
              }))
            }
          />
        </div>
      ))}
      {!readOnly && (
        <div className="catalogue-line">
          <Field
            label={t('catalogue.newCurrency')}
            hint={t('catalogue.newCurrencyHint')}
            maxLength={3}
            autoComplete="off"
            autoCapitalize="characters"
            value={code}
            problem={taken ? t('catalogue.invalid.taken') : null}
            onChange={(event) => setCode(event.target.value)}
          />
          <Button look="quiet" size="small" disabled={!usable} onClick={add}>
            {t('catalogue.addCurrency')}
          </Button>
        </div>
      )}
    </Part>
  );
}

function Countries() {
  const t = useText();
  const { form, update, problemOf } = useEditing();
  return (
    <Part name="countries">
      <Field
        label={t('catalogue.excludedCountries')}
        hint={t('catalogue.excludedHint')}
        autoComplete="off"
        value={form.excludedCountries}
        problem={problemOf('excludedCountries')}
        onChange={(event) => {
          const excludedCountries = event.target.value;
          update('excludedCountries', (before) => ({ ...before, excludedCountries }));
        }}
      />
    </Part>
  );
}

function KindField(props: {
  value: BundleForm['kind'];
  problem: string | null;
  onChange: (kind: BundleForm['kind']) => void;
}) {
  const t = useText();
  return (
    <div>
      <SelectField
        label={t('catalogue.kind')}
        value={props.value}
        options={productKinds.map((value) => ({ value, text: t(`plans.kind.${value}.title`) }))}
        onChange={props.onChange}
      />
      {props.problem && <p className="field-problem">{props.problem}</p>}
    </div>
  );
}

function Bundles() {
  const t = useText();
  const { form, readOnly, update, problemOf } = useEditing();
  const change = (id: string, field: string, part: Partial<BundleForm>) =>
    update(`bundle/${id}/${field}`, (before) => ({
      ...before,
      bundles: changeOne(before.bundles, (bundle) => bundle.id === id, part),
    }));
  return (
    <Part name="bundles">
      {form.bundles.map((bundle) => (
        <div className="catalogue-line" key={bundle.id} role="group" aria-label={bundle.id}>
          <KindField
            value={bundle.kind}
            problem={problemOf(`bundle/${bundle.id}/kind`)}
            onChange={(kind) => change(bundle.id, 'kind', { kind })}
          />
          <Field
            label={t('catalogue.minimum')}
            inputMode="numeric"
            autoComplete="off"
            value={bundle.minimum}
            problem={problemOf(`bundle/${bundle.id}/minimum`)}
            onChange={(event) => change(bundle.id, 'minimum', { minimum: event.target.value })}
          />
          <Field
            label={t('catalogue.percent')}
            inputMode="decimal"
            autoComplete="off"
            value={bundle.percent}
            problem={problemOf(`bundle/${bundle.id}/percent`)}
            onChange={(event) => change(bundle.id, 'percent', { percent: event.target.value })}
          />
          <Remove
            name={bundle.id}
            remove={() =>
              update(`bundle/${bundle.id}`, (before) => ({
                ...before,
                bundles: before.bundles.filter(({ id }) => id !== bundle.id),
              }))
            }
          />
        </div>
      ))}
      {!readOnly && (
        <Add
          text={t('catalogue.addBundle')}
          add={() =>
            update('bundles', (before) => {
              const id = freeId('bundle', before.bundles);
              const bundle: BundleForm = { id, kind: 'network_feature', minimum: '3', percent: '10' };
              return { ...before, bundles: [...before.bundles, bundle] };
            })
          }
        />
      )}
    </Part>
  );
}

function MemberDiscounts() {
  const t = useText();
  const { form, readOnly, update, problemOf } = useEditing();
  const memberships = form.products.filter(({ kind }) => kind === 'membership');
  const change = (id: string, field: string, part: Partial<MemberDiscountForm>) =>
    update(`discount/${id}/${field}`, (before) => ({
      ...before,
      memberDiscounts: changeOne(before.memberDiscounts, (discount) => discount.id === id, part),
    }));
  return (
    <Part name="discounts">
      {form.memberDiscounts.map((discount) => (
        <div className="catalogue-line" key={discount.id} role="group" aria-label={discount.id}>
          <div>
            <SelectField
              label={t('catalogue.membership')}
              value={discount.membershipId}
              options={memberships.map((product) => ({ value: product.id, text: productName(product, t) }))}
              onChange={(membershipId) => change(discount.id, 'membershipId', { membershipId })}
            />
            {problemOf(`discount/${discount.id}/membershipId`) && (
              <p className="field-problem">{problemOf(`discount/${discount.id}/membershipId`)}</p>
            )}
          </div>
          <KindField
            value={discount.kind}
            problem={problemOf(`discount/${discount.id}/kind`)}
            onChange={(kind) => change(discount.id, 'kind', { kind })}
          />
          <Field
            label={t('catalogue.percent')}
            inputMode="decimal"
            autoComplete="off"
            value={discount.percent}
            problem={problemOf(`discount/${discount.id}/percent`)}
            onChange={(event) => change(discount.id, 'percent', { percent: event.target.value })}
          />
          <Remove
            name={discount.id}
            remove={() =>
              update(`discount/${discount.id}`, (before) => ({
                ...before,
                memberDiscounts: before.memberDiscounts.filter(({ id }) => id !== discount.id),
              }))
            }
          />
        </div>
      ))}
      {!readOnly && memberships[0] && (
        <Add
          text={t('catalogue.addDiscount')}
          add={() =>
            update('memberDiscounts', (before) => {
              const id = freeId('member_discount', before.memberDiscounts);
              const membershipId = memberships[0]?.id ?? '';
              const discount: MemberDiscountForm = { id, membershipId, kind: 'network_feature', percent: '10' };
              return { ...before, memberDiscounts: [...before.memberDiscounts, discount] };
            })
          }
        />
      )}
    </Part>
  );
}

/** The first name of its kind that is free: `bundle_2`. People never see it; quotes and orders name their discount by it. */
function freeId(name: string, taken: readonly { id: string }[]): string {
  for (let number = 1; ; number += 1) {
    const id = `${name}_${String(number)}`;
    if (!taken.some((entry) => entry.id === id)) return id;
  }
}

function Add(props: { text: string; add: () => void }) {
  return (
    <div>
      <Button look="quiet" size="small" onClick={props.add}>
        {props.text}
      </Button>
    </div>
  );
}

function Remove(props: { name: string; remove: () => void }) {
  const t = useText();
  const { readOnly } = useEditing();
  if (readOnly) return null;
  return (
    <Button look="link" onClick={props.remove}>
      {t('catalogue.remove')}
      <span className="sr-only"> {props.name}</span>
    </Button>
  );
}

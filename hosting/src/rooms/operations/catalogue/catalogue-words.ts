import type { CatalogContent } from '../../../../../functions/src/shared/api/catalog-content.ts';
import type { ContentChange, ContentProblem } from '../../../../../functions/src/shared/api/catalog-versions.ts';
import type { Text } from '../../../i18n/text.ts';
import { productName } from '../../plans/product-words.ts';
import type { FieldKey } from './draft-form.ts';

/** What is wrong, in the operator's words. */
export function problemText({ code, values }: ContentProblem, t: Text): string {
  const cycle = values['cycle'];
  return t(`catalogue.problem.${code}`, {
    ...{ currency: '', country: '', name: '', product: '', products: '' },
    ...values,
    cycle: (cycle === undefined ? null : t.maybe(`plans.per.${cycle}`)) ?? '',
  });
}

const otherNames: Readonly<Record<string, string>> = { basisPointsOff: 'percent', minimumProducts: 'minimum' };
const partNames: Readonly<Record<string, string>> = {
  currencies: 'currency',
  products: 'product',
  bundles: 'bundle',
  memberDiscounts: 'discount',
};

/** The editor's name of the field that a problem is about; the problem counts parts, the editor calls them by their ids. */
export function fieldOf({ field, values }: ContentProblem, content: CatalogContent): FieldKey {
  const [list = '', position = '', name = '', index] = field.split('.');
  const part = partNames[list];
  const id = idAt(content, list, Number(position));
  if (part === undefined || id === null) return list;
  if (name !== 'prices') return `${part}/${id}/${otherNames[name] ?? name}`;
  const price = index === undefined ? undefined : content.products[Number(position)]?.prices[Number(index)];
  const unit = price?.unit ?? values['currency'];
  const cycle = price?.cycle ?? values['cycle'];
  return unit === undefined || cycle === undefined ? `${part}/${id}/billing` : `${part}/${id}/${unit}/${cycle}`;
}

function idAt(content: CatalogContent, list: string, position: number): string | null {
  if (list === 'currencies') return content.currencies[position]?.code ?? null;
  if (list === 'products') return content.products[position]?.id ?? null;
  if (list === 'bundles') return content.bundles[position]?.id ?? null;
  return list === 'memberDiscounts' ? (content.memberDiscounts[position]?.id ?? null) : null;
}

/** What a change is about: "VPN and home route, price in USD, a month". */
export function changeSubject({ area, id, field }: ContentChange, t: Text): string {
  const part = area === 'product' || area === 'price' ? productName({ id, name: id }, t) : id;
  return [part, fieldWords(area, field, t)].filter(Boolean).join(' · ');
}

function fieldWords(area: ContentChange['area'], field: string, t: Text): string {
  if (area !== 'price') return t.maybe(`catalogue.field.${field}`) ?? field;
  const [currency = '', cycle = ''] = field.split('/');
  return t('catalogue.field.price', { currency, cycle: t.maybe(`plans.per.${cycle}`) ?? cycle });
}

/** A value before or after a change, as an operator would write it. */
export function changeValue(value: string | null, field: string, t: Text): string {
  if (value === null || value === '') return '–';
  if (field === 'basisPointsOff' || field === 'rewardBasisPoints') return `${Number(value) / 100} %`;
  if (field === 'kind') return t.maybe(`plans.kind.${value}.title`) ?? value;
  if (field === 'billing') return t.maybe(`plans.per.${value}`) ?? value;
  return t.maybe(`catalogue.value.${value}`) ?? value;
}

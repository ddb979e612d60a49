import { isCurrency, toMoney } from '../../../../functions/src/shared/money.ts';
import type { OrderEvent } from '../../../../functions/src/shared/api/orders.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import type { Text } from '../../i18n/text.ts';
import { productName } from '../plans/product-words.ts';

/** One line of proof: what it is, and its value as the member may quote it to us or to their bank. */
export interface Proof {
  name: string;
  value: string;
}

const wholeNumber = /^-?\d{1,38}$/;
/** Names under which tokens stand. */
const amountsInWei: readonly string[] = ['amountWei', 'creditWei'];

/** Amounts are kept in cents beside their currency; a member reads them as money. */
function amountOf(evidence: Record<string, string>, t: Text): string | null {
  const { amount, currency } = evidence;
  if (currency === undefined || !isCurrency(currency) || amount === undefined || !wholeNumber.test(amount)) return null;
  return formatPrice(toMoney(currency, BigInt(amount)), t.locale);
}

function valueOf(name: string, value: string, t: Text): string {
  if (amountsInWei.includes(name) && wholeNumber.test(value))
    return formatTokens(toMoney('DOTM', BigInt(value)), t.locale);
  if (name === 'productId') return productName({ id: value, name: value }, t);
  return t.maybe(`evidence.${name}.${value}`) ?? value;
}

/** The evidence of an event in the reader's words. What has no words yet is shown as it is: proof is never hidden. */
export function proofsOf(event: OrderEvent, t: Text): Proof[] {
  const amount = amountOf(event.evidence, t);
  return Object.entries(event.evidence).flatMap(([name, value]) => {
    const known = t.maybe(`evidence.${name}`) ?? name;
    if (amount !== null && name === 'currency') return [];
    if (amount !== null && name === 'amount') return { name: known, value: amount };
    return { name: known, value: valueOf(name, value, t) };
  });
}

/** What happened, in the reader's words; a mail says what it was about. */
export function stepTitle(event: OrderEvent, t: Text): string {
  const mail = event.kind === 'mail_sent' ? t.maybe(`evidence.mail.${event.evidence['mail'] ?? ''}`) : null;
  return mail === null ? t(`timeline.${event.kind}`) : t('timeline.mail_sent_about', { mail });
}

import { createHash } from 'node:crypto';
import type { Queryable } from '../../../src/platform/db.ts';
import type { Side } from './side.ts';

/** What a backend knows in the end, as sorted lines of text that hold nothing random: equal worlds give equal bytes. */
export interface Books {
  /** Every account with its balance, and every leg of every transfer. */
  ledger: string[];
  /** Orders, lines, rewards, mails, refunds, disputes, subscriptions, alerts; and what the carrier and the provider hold. */
  rest: string[];
}

/** The SHA-256 of lines. */
export function hashOf(lines: string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Writes down what a side knows. Ids that were drawn at random here are named after what they stand for. */
export async function readBooks(side: Side): Promise<Books> {
  const { db } = side;
  const rename = await namesOf(db);
  const read = async (sql: string) =>
    (await db.query<{ line: string }>(`select concat_ws(' ', ${sql}`)).rows.map(({ line }) => rename(line));
  const ledger = [
    ...(await read(`code, unit, balance) as line from ledger.balances where balance <> 0`)),
    ...(await read(`idempotency_key, template, code, unit, amount) as line from ledger.journal`)),
  ];
  const rest = [
    ...(await read(`'order', id, member_id, state, mode, currency, total_minor, refunded_minor, settled, payment_pending,
      payment_intent_id, stripe_subscription_id, invoice_id, charge_id, line_id, paid_at is null) as line from orders`)),
    ...(await read(
      `'line', id, member_id, state, country_code, activation_url is null, phone_number is null) as line from line`,
    )),
    ...(await read(`'plan', order_id, position, ordinal, line_id, plan_name) as line from carrier_plan_grant`)),
    ...(await read(
      `'reward', order_id, position, state, currency, paid_minor, amount_wei, reversed_wei) as line from reward`,
    )),
    ...(await read(
      // Whether an eSIM is announced or told to have grown depends on how soon its owner used it, not on the events.
      `'mail', replace(kind, 'line_extended', 'esim_ready'), member_id, dedupe_key, refers_to ->> 'orderId',
        refers_to ->> 'lineId') as line from mail`,
    )),
    ...(await read(`'refund', order_id, stripe_refund_id, amount_minor, reason, state) as line from refund`)),
    ...(await read(`'dispute', id, order_id, amount_minor, status) as line from dispute`)),
    ...(await read(`'subscription', stripe_subscription_id, product_id, order_id, status, cancel_at_period_end,
      extract(epoch from current_period_end)) as line from subscription`)),
    ...(await read(`'alert', kind, subject) as line from alert`)),
    ...(await carrierLines(side)),
    ...(await chargesAtProvider(side)),
  ];
  return { ledger: ledger.sort(), rest: rest.sort() };
}

/** Gives what replaces each random id in a text by its name. */
async function namesOf(db: Queryable): Promise<(text: string) => string> {
  const { rows } = await db.query<{ id: string; name: string }>(
    `select id, 'renewal(' || invoice_id || ')' as name from orders where invoice_id is not null
       and id <> (select first.id from orders first where first.stripe_subscription_id = orders.stripe_subscription_id
         order by first.created_at, first.id limit 1)
     union all select id, 'line(' || member_id || '#' || row_number() over (partition by member_id order by created_at, id) || ')' from line
     union all select id, 'reward(' || order_id || '#' || position || ')' from reward
     union all select id, 'our(' || order_id || ' ' || reason || ' ' || amount_minor || ')' from refund where reason <> 'made at the payment provider'
     union all select id, 'adopted(' || stripe_refund_id || ')' from refund where reason = 'made at the payment provider'
     union all select stripe_refund_id, 'refund(' || order_id || ' ' || reason || ' ' || amount_minor || ')' from refund
       where reason <> 'made at the payment provider' and stripe_refund_id is not null`,
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const once = (text: string) => text.replace(/\b[a-z]{2,4}_[0-9A-Za-z]{20,32}\b/g, (id) => names.get(id) ?? id);
  // A reward or a line is named after an order, which may itself be a renewal.
  return (text) => once(once(text));
}

/** What stands at the carrier: a line with its plans, by the member's address. */
async function carrierLines(side: Side): Promise<string[]> {
  const [users, lines] = await Promise.all([side.carrierControl.oxioEndUsers(), side.carrierControl.oxioLines()]);
  const emails = new Map(users.map((user) => [user.endUserId, user.email ?? '']));
  return lines.map((line) => {
    const plans = line.subscriptions.map(({ plan }) => plan.displayName).sort();
    return `carrier ${emails.get(line.endUserId) ?? ''} ${line.status} ${plans.join('+')}`;
  });
}

/** What the provider took and gave back. */
async function chargesAtProvider({ provider }: Side): Promise<string[]> {
  const charges = await provider.stripe.list<{ id: string; amount: number; amount_refunded: number }>('charges');
  return charges.map((charge) => `charge ${charge.id} ${String(charge.amount)} ${String(charge.amount_refunded)}`);
}

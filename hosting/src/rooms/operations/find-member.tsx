import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { idSchema } from '../../../../functions/src/shared/ids.ts';
import { useOperation } from '../../api/use-operation.ts';
import type { OperationOutput } from '../../api/client.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { formatDay, formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { faceTone, orderTitle } from '../orders/order-words.ts';
import { RefundDialog } from './refund-dialog.tsx';

type Found = OperationOutput<'findMember'>['member'];

/** Finds a member by e-mail address or id and shows their orders. The server notes every look. */
export function FindMember() {
  const t = useText();
  const find = useOperation('findMember');
  const [wanted, setWanted] = useState('');
  const [found, setFound] = useState<Found | undefined>(undefined);

  async function look() {
    const text = wanted.trim();
    const memberId = idSchema('member').safeParse(text);
    const answer = await find.run(memberId.success ? { memberId: memberId.data } : { email: text });
    setFound(answer ? answer.member : undefined);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void look();
  }

  return (
    <section className="stack" aria-label={t('operations.part.members')} style={{ '--gap': '20px' }}>
      <form className="find" onSubmit={submit}>
        <Field
          label={t('operations.find')}
          hint={t('operations.findHint')}
          required
          autoComplete="off"
          spellCheck={false}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Button type="submit" busy={find.busy}>
          {t('operations.look')}
        </Button>
      </form>
      <ErrorNotice error={find.error} />
      {found === null && <Notice>{t('operations.nobody')}</Notice>}
      {found && <Member member={found} reload={() => void look()} />}
    </section>
  );
}

function Member(props: { member: NonNullable<Found>; reload: () => void }) {
  const t = useText();
  const { member } = props;
  return (
    <div className="stack">
      <h2>{member.email ?? t('operations.erased')}</h2>
      <p className="soft">
        <span className="mono">{member.memberId}</span> · {formatDay(member.createdAt, t.locale)}
      </p>
      {member.orders.length === 0 && <p>{t('operations.noOrders')}</p>}
      <ul className="stack">
        {member.orders.map((order) => (
          <li key={order.id}>
            <MemberOrder order={order} reload={props.reload} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function MemberOrder(props: { order: Order; reload: () => void }) {
  const t = useText();
  const { order } = props;
  const [asking, setAsking] = useState(false);
  const paid = !['created', 'expired', 'refunded', 'refunding'].includes(order.state);
  return (
    <article className="card stack" style={{ '--gap': '10px' }}>
      <div className="row">
        <h3>{orderTitle(order, t)}</h3>
        <span className={`chip chip-${faceTone(order.state)}`}>{order.state}</span>
      </div>
      <p className="num">
        {formatPrice(order.total, t.locale)} · {t('order.refunded')} {formatPrice(order.refunded, t.locale)}
        {order.credit &&
          ` · ${t('order.credit', { tokens: formatTokens(order.credit.tokens, t.locale) })} · ${t('order.creditReturned')} ${formatTokens(order.credit.returned, t.locale)}`}
      </p>
      <p className="soft small">
        <span className="mono">{order.id}</span> · {formatMoment(order.createdAt, t.locale)}
      </p>
      <details className="proof">
        <summary className="small">{t('order.timeline')}</summary>
        <dl>
          {order.timeline.map((event, index) => (
            <div key={`${event.kind}-${index}`}>
              <dt className="small">
                {event.kind} · {formatMoment(event.at, t.locale)}
              </dt>
              <dd className="mono small">{JSON.stringify(event.evidence)}</dd>
            </div>
          ))}
        </dl>
      </details>
      {paid && (
        <div>
          <Button look="quiet" size="small" onClick={() => setAsking(true)}>
            {t('operations.refund')}
          </Button>
        </div>
      )}
      {asking && <RefundDialog order={order} close={() => setAsking(false)} done={props.reload} />}
    </article>
  );
}

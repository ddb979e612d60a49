import { useState } from 'react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { changePlan, PlanPreview } from '../../../../functions/src/shared/api/billing.ts';
import type { Product } from '../../../../functions/src/shared/api/catalog.ts';
import type { Subscription } from '../../../../functions/src/shared/api/orders.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatPrice } from '../../format/money.ts';
import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { useCatalog } from '../../live/sources.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { productName } from '../plans/product-words.ts';
import { otherPlans, type OtherPlan } from './other-plans.ts';
import { useSubscriptionSaver } from './use-subscription-saver.ts';

type Change = z.output<(typeof changePlan)['output']>;

const outcomes = {
  done: ['plan.doneTitle', 'plan.doneNow'],
  scheduled: ['plan.laterTitle', 'plan.doneLater'],
  kept: ['plan.keptTitle', 'plan.doneLater'],
  pending: ['plan.pendingTitle', 'plan.pending'],
} as const;

/** Changes a plan in two steps: choose, then see what it costs, in words and numbers, and agree. */
export function ChangePlan(props: { subscription: Subscription; close: () => void }) {
  const t = useText();
  const preview = useOperation('previewPlanChange');
  const change = useOperation('changePlan');
  const save = useSubscriptionSaver();
  const catalog = useCatalog();
  const [shown, setShown] = useState<PlanPreview | null>(null);
  const [done, setDone] = useState<Change | null>(null);
  const subscriptionId = props.subscription.id;

  async function look(plan: OtherPlan) {
    setShown(await preview.run({ subscriptionId, productId: plan.product.id, cycle: plan.cycle }));
  }
  async function agree(to: PlanPreview) {
    const { prorationDate, dueNow } = to;
    const { productId, cycle } = to.to;
    const made = await change.run({ subscriptionId, productId, cycle, prorationDate, dueNow });
    if (!made) return;
    void save(made.subscription);
    setDone(made);
  }
  if (done) return <Done change={done} close={props.close} />;
  return (
    <Dialog title={t('plan.changeTitle')} onClose={props.close}>
      {shown ? (
        <>
          <Words preview={shown} />
          <ErrorNotice error={change.error} />
          <div className="row">
            <Button busy={change.busy} onClick={() => void agree(shown)}>
              {t(shown.kind === 'upgrade' ? 'plan.agreePay' : 'plan.agree', {
                amount: formatPrice(shown.dueNow, t.locale),
              })}
            </Button>
            <Button look="quiet" onClick={() => setShown(null)}>
              {t('plan.back')}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className="soft">{t('plan.changeText')}</p>
          <Choices
            plans={otherPlans(props.subscription, catalog.data?.products ?? [])}
            busy={preview.busy}
            choose={(plan) => void look(plan)}
          />
          <ErrorNotice error={preview.error} />
          <div className="row">
            <Button look="quiet" onClick={props.close}>
              {t('plan.close')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Choices(props: { plans: OtherPlan[]; busy: boolean; choose: (plan: OtherPlan) => void }) {
  const t = useText();
  if (props.plans.length === 0) return <Notice>{t('plan.noOther')}</Notice>;
  const nameOf = (product: Pick<Product, 'id' | 'name'>) => productName(product, t);
  return (
    <ul className="stack">
      {props.plans.map((plan) => (
        <li key={`${plan.product.id} ${plan.cycle}`}>
          <Button look="quiet" wide busy={props.busy} onClick={() => props.choose(plan)}>
            <span className="plan-choice">
              <span>{plan.keeps ? t('plan.keep', { name: nameOf(plan.product) }) : nameOf(plan.product)}</span>{' '}
              <span className="num">
                {formatPrice(plan.price, t.locale)} {t(`plans.per.${plan.cycle}`)}
              </span>
            </span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What happens, when, and for how much. */
function Words({ preview }: { preview: PlanPreview }) {
  const t = useText();
  const { kind, credit, charge, tax, dueNow, daysLeft, nextRenewal, effectiveAt } = preview;
  const money = (amount: PlanPreview['dueNow']) => formatPrice(amount, t.locale);
  const name = productName({ id: preview.to.productId, name: preview.to.productId }, t);
  const renewal = {
    day: formatDay(nextRenewal.at, t.locale),
    price: `${money(nextRenewal.price)} ${t(`plans.per.${preview.to.cycle}`)}`,
  };
  if (kind !== 'upgrade') {
    const from = formatDay(effectiveAt, t.locale);
    return <p>{t(kind === 'keep' ? 'plan.willKeep' : 'plan.willGoDown', { name, from, ...renewal })}</p>;
  }
  return (
    <div className="stack" data-testid="plan-preview">
      <p>
        {preview.from.cycle === preview.to.cycle
          ? t('plan.willGoUp', { name, amount: money(dueNow), days: daysLeft, ...renewal })
          : t('plan.willGoUpAnew', { name, amount: money(dueNow), ...renewal })}
      </p>
      <dl className="facts">
        <Fact name={t('plan.charge')} value={money(charge)} />
        <Fact name={t('plan.credit')} value={`−${money(credit)}`} />
        {Number(tax.amount) > 0 && <Fact name={t('order.tax')} value={money(tax)} />}
        <Fact name={t('plan.dueNow')} value={money(dueNow)} />
      </dl>
    </div>
  );
}

function Fact(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd className="num">{props.value}</dd>
    </div>
  );
}

/** Says what came of it: a change for later has changed nothing yet, and one that is still being tried is not paid. */
function Done({ change, close }: { change: Change; close: () => void }) {
  const t = useText();
  const { outcome, orderId } = change;
  const [title, text] = outcomes[outcome];
  return (
    <Dialog title={t(title)} onClose={close}>
      <Notice tone={outcome === 'pending' ? 'info' : 'good'}>{t(text)}</Notice>
      <div className="row">
        {orderId !== null && <Link to={`/orders/${orderId}`}>{t('rewards.toOrder')}</Link>}
        <Button look="quiet" onClick={close}>
          {t('plan.close')}
        </Button>
      </div>
    </Dialog>
  );
}

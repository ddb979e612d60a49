/** A mistake that a careful person makes, to be planted in a copy of the sources. */
export interface Bug {
  readonly name: string;
  /** Each text must stand in its file exactly once, below functions/src. */
  readonly patches: readonly { file: string; find: string; replace: string }[];
  /** Where the sweep must see it: on a good day nobody does. */
  readonly path: string;
  readonly points: readonly string[];
  /** Part of what the sweep must say about it. */
  readonly sign: RegExp;
}

/** Five classics, each of which has cost somebody money. */
export const bugs: readonly Bug[] = [
  {
    name: 'an event is marked done before its work',
    patches: [
      {
        file: 'features/orders/handle-payment-event.ts',
        find: '  const load = eventHandlers[event.type];\n',
        replace: `  await services.db.transaction(async (tx) => {
    await finishEvent(tx, 'stripe', eventId, 'done', services.clock.now());
    await job.finish(tx);
  });
  const load = eventHandlers[event.type];
`,
      },
      {
        file: 'features/orders/handle-payment-event.ts',
        find: "    if (outcome.startsWith('ignored')) log.eventIgnored('stripe', eventId, event.type, outcome);\n    await job.finish(tx);\n",
        replace: "    if (outcome.startsWith('ignored')) log.eventIgnored('stripe', eventId, event.type, outcome);\n",
      },
    ],
    path: 'card-paid',
    points: ['payments.event checkout.session.completed: after commit 2'],
    sign: /a paid order rests as created/,
  },
  {
    name: 'the payment page is made without an idempotency key',
    patches: [
      {
        file: 'vendors/payments/client.ts',
        find: 'stripe.checkout.sessions.create(params, { idempotencyKey: `checkout:${input.orderId}` })',
        replace: 'stripe.checkout.sessions.create(params)',
      },
    ],
    path: 'card-paid',
    points: ['startCheckout: after payments.createSession'],
    sign: /"sessions":2/,
  },
  {
    name: 'a line is created without a look for the one that an earlier attempt made',
    patches: [
      {
        file: 'features/orders/ensure-line.ts',
        find: '(await findUnknownLine(services, at)) ?? (await createUnlessGivenUp())',
        replace: 'await createUnlessGivenUp()',
      },
    ],
    path: 'card-paid',
    points: ['order.fulfil: after carrier.createLine'],
    sign: /2 lines/,
  },
  {
    name: 'a mail is sent before the commit of what it tells',
    patches: [
      {
        file: 'features/orders/settle-payment.ts',
        find: "import { queueMail } from '../../store/mails.ts';\n",
        replace: "import { findMailByKey, markMailSent, queueMail } from '../../store/mails.ts';\n",
      },
      {
        file: 'features/orders/settle-payment.ts',
        find: '  await queueMail(tx, { memberId: order.memberId, kind: payment.mail, key: order.id, refersTo }, now);\n',
        replace: `  await queueMail(tx, { memberId: order.memberId, kind: payment.mail, key: order.id, refersTo }, now);
  const { email } = await lockMember(tx, order.memberId);
  const { id } = (await findMailByKey(tx, payment.mail, order.id))!;
  await (await services.mail()).send({ id, to: email!, subject: 'Paid', html: 'Paid', text: 'Paid', attachments: [] });
  await markMailSent(tx, id, 'sent', now);
`,
      },
    ],
    path: 'card-paid',
    points: ['payments.event checkout.session.completed: before commit 2'],
    sign: /mails twice/,
  },
  {
    name: 'a refund that was made is made again',
    patches: [
      {
        file: 'features/orders/create-refund.ts',
        find: 'await payments.listRefunds(paymentIntentId)',
        replace: '[]',
      },
      {
        file: 'vendors/payments/client.ts',
        find: "(await refundsOf(stripe, paymentIntentId)).find((made) => made.metadata?.['key'] === key)",
        replace: 'undefined',
      },
      {
        file: 'vendors/payments/client.ts',
        find: '`refund:${key}`',
        replace: '`refund:${key}:${Math.random()}`',
      },
    ],
    path: 'refunded-in-part',
    points: ['order.refund: after payments.createRefund'],
    sign: /refunds: \[500,500\]/,
  },
];

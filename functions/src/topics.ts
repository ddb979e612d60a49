import type { Topics } from './platform/jobs.ts';

/** How often a job is tried before it is given up: with backoff about half an hour. */
const maxAttempts = 12;

/** Every kind of background work: its queue, its code, and what happens when it can't be done. */
export const topics = {
  'account.set_up_payments': {
    queue: 'payments',
    load: async () => (await import('./features/accounts/set-up-payments.ts')).setUpPayments,
    maxAttempts,
  },
  'account.set_up_carrier': {
    queue: 'carrier',
    load: async () => (await import('./features/accounts/set-up-carrier-user.ts')).setUpCarrierUser,
    maxAttempts,
  },
  'account.set_up_carrier_group': {
    queue: 'carrier',
    load: async () => (await import('./features/accounts/set-up-carrier-group.ts')).setUpCarrierGroup,
    maxAttempts,
  },
  'account.erase': {
    queue: 'payments',
    load: async () => (await import('./features/accounts/erase-member.ts')).eraseMember,
    maxAttempts,
  },
  'payments.event': {
    queue: 'payments',
    load: async () => (await import('./features/orders/handle-payment-event.ts')).handlePaymentEvent,
    // It tells of money: tried for about a day, however long the provider can't be asked.
    maxAttempts: 300,
  },
  'catalog.sync': {
    queue: 'payments',
    load: async () => (await import('./features/catalog/sync-prices.ts')).syncPrices,
    maxAttempts,
  },
  'order.fulfil': {
    queue: 'carrier',
    load: async () => (await import('./features/orders/fulfil-order.ts')).fulfilOrder,
    maxAttempts,
    onDead: async () => (await import('./features/orders/fulfil-order.ts')).refundUnfulfilled,
  },
  'order.refund': {
    queue: 'payments',
    load: async () => (await import('./features/orders/create-refund.ts')).createRefund,
    // The money is the member's: tried for about a day before a person is called.
    maxAttempts: 300,
    onDead: async () => (await import('./features/orders/create-refund.ts')).reportStuckRefund,
  },
  'order.end_uncharged': {
    queue: 'payments',
    load: async () => (await import('./features/orders/end-uncharged.ts')).endUncharged,
    // What paid for it is the member's: tried for about a day.
    maxAttempts: 300,
  },
  'subscription.end': {
    queue: 'payments',
    load: async () => (await import('./features/orders/end-subscription.ts')).endSubscription,
    // The money went back: nothing more may be collected.
    maxAttempts: 300,
  },
  'subscription.discount': {
    queue: 'payments',
    load: async () => (await import('./features/orders/discount-renewals.ts')).discountRenewals,
    // The renewals were promised at this price: tried for about a day before a person is called.
    maxAttempts: 300,
  },
  'order.settle_invoice': {
    queue: 'payments',
    load: async () => (await import('./features/orders/settle-invoice.ts')).settleInvoiceOfOrder,
    // It tells of money: tried for about a day.
    maxAttempts: 300,
  },
  'plan.change': {
    queue: 'payments',
    load: async () => (await import('./features/billing/carry-out-change.ts')).carryOutRequested,
    maxAttempts,
    onDead: async () => (await import('./features/billing/carry-out-change.ts')).giveUpChange,
  },
  'plan.undo': {
    queue: 'payments',
    load: async () => (await import('./features/billing/undo-change.ts')).undoChange,
    // The money went back: the old plan is owed.
    maxAttempts: 300,
  },
  'order.expire': {
    queue: 'payments',
    load: async () => (await import('./features/orders/expire-order.ts')).expireOrder,
    maxAttempts,
  },
  'order.check_payment': {
    queue: 'payments',
    load: async () => (await import('./features/orders/check-payment.ts')).checkPayment,
    // The next check follows anyway.
    maxAttempts: 3,
  },
  'line.watch': {
    queue: 'carrier',
    load: async () => (await import('./features/lines/watch-line.ts')).watchLine,
    maxAttempts,
  },
  'distribution.advance': {
    queue: 'chain',
    load: async () => (await import('./features/rewards/distribution/advance.ts')).advanceRun,
    // Waiting for blocks and for a node that is away counts no attempt; what does is a fault, and the next day's run tries again.
    maxAttempts,
  },
  'distribution.release': {
    queue: 'projection',
    load: async () => (await import('./features/rewards/distribution/release-run.ts')).releaseRun,
    // Members wait for what it holds: tried for about a day.
    maxAttempts: 300,
  },
  'mail.send': {
    queue: 'mail',
    load: async () => (await import('./features/mails/send-mail.ts')).sendMail,
    maxAttempts: 60,
  },
  'reward.one_offs': {
    queue: 'projection',
    load: async () => (await import('./features/rewards/grant-one-offs.ts')).grantOneOffs,
    maxAttempts,
  },
  'rewards.state_liabilities': {
    queue: 'chain',
    load: async () => (await import('./features/rewards/proof/state-liabilities.ts')).stateLiabilities,
    // A day has one statement or none: tried for about a day.
    maxAttempts: 300,
  },
  'rewards.index_chain': {
    queue: 'chain',
    load: async () => (await import('./features/rewards/chain-index/index-chain.ts')).indexChain,
    // The next look follows anyway.
    maxAttempts: 3,
  },
  'projection.member': {
    queue: 'projection',
    load: async () => (await import('./features/projections/project-member.ts')).projectMember,
    maxAttempts,
  },
  'projection.catalog': {
    queue: 'projection',
    load: async () => (await import('./features/projections/project-catalog.ts')).projectCatalog,
    maxAttempts,
  },
  'projection.voice': {
    queue: 'projection',
    load: async () => (await import('./features/projections/project-voice.ts')).projectVoice,
    maxAttempts,
  },
  'voice.welcome': {
    // It asks nobody outside: the voice worker, which loads an SDK, is not needed for it.
    queue: 'projection',
    load: async () => (await import('./features/voice/prepare-welcome.ts')).prepareWelcome,
    maxAttempts,
  },
  'voice.make': {
    queue: 'voice',
    load: async () => (await import('./features/voice/make-clip.ts')).makeClip,
    maxAttempts,
    onDead: async () => (await import('./features/voice/make-clip.ts')).giveUpClip,
  },
  'voice.run': {
    queue: 'voice',
    load: async () => (await import('./features/voice/run-publication.ts')).runPublication,
    // It waits for its clips without counting attempts; what does is a fault, and nothing but this brings the run to its end.
    maxAttempts: 300,
  },
  'voice.purge': {
    queue: 'voice',
    load: async () => (await import('./features/voice/purge-files.ts')).purgeFiles,
    // What it deletes may say a name: tried for about a day.
    maxAttempts: 300,
  },
} as const satisfies Topics;

-- Subscriptions know their price and rhythm, and may change to another plan: up at once for a prorated charge, which is an order of its
-- own, down at the next renewal. Reasons: docs/adr/0015-tax-and-plan-changes.md.

alter table subscription
  -- Which position of the payment provider's subscription it is: that stays the same when the product changes.
  add column stripe_item_id text unique,
  add column cycle text check (cycle in ('monthly', 'annual')),
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column unit_minor bigint check (unit_minor >= 0),
  add column quantity integer check (quantity > 0),
  add column period_start timestamptz,
  -- Something is taken off every period: its price at renewal is not the list price.
  add column discounted boolean not null default false,
  -- When the provider was asked for what stands here: an answer to an earlier question never overwrites a later one.
  add column seen_at timestamptz;

create table plan_change (
  id text primary key,
  member_id text not null references member,
  subscription_id text not null references subscription,
  stripe_item_id text not null,
  kind text not null check (kind in ('upgrade', 'downgrade')),
  -- requested: the provider is being asked; done: the new plan runs; scheduled: it runs from effective_at on; refused: nothing
  -- changed; undone: the old plan runs again, or goes on.
  state text not null check (state in ('requested', 'scheduled', 'done', 'refused', 'undone')),
  from_product_id text not null,
  from_cycle text not null check (from_cycle in ('monthly', 'annual')),
  from_price_id text not null,
  from_minor bigint not null check (from_minor >= 0),
  to_product_id text not null,
  to_cycle text not null check (to_cycle in ('monthly', 'annual')),
  to_price_id text not null,
  to_minor bigint not null check (to_minor >= 0),
  -- Per piece; the amounts above are too.
  quantity integer not null check (quantity > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  catalog_version integer not null references catalog_version,
  -- The second for which the proration was shown and is charged.
  proration_at timestamptz not null,
  -- End of the period in which the change was asked for.
  period_end timestamptz not null,
  -- Of an upgrade, the order that its charge is.
  order_id text unique references orders,
  requested_at timestamptz not null,
  settled_at timestamptz,
  check ((kind = 'upgrade') = (order_id is not null)),
  check (kind = 'upgrade' or state <> 'done' or settled_at is not null)
);
-- One at a time for a subscription.
create unique index plan_change_open on plan_change (subscription_id) where state in ('requested', 'scheduled');
create index plan_change_member on plan_change (member_id);

-- The platform's own tables: people, catalogue, orders, lines, work in flight. The ledger is migration 0001.
-- Amounts are bigint minor units of the row's currency. Times are UTC. Ids are made by platform/ids.ts.

create table member (
  id text primary key,
  -- Null once erased; uid_hash stays, so that a token that outlives the account can't bring it back.
  uid text unique,
  uid_hash text not null unique,
  email text,
  email_verified boolean not null default false,
  display_name text,
  locale text not null default 'en' check (locale in ('en', 'fr')),
  currency text not null default 'USD' check (currency in ('USD', 'CAD')),
  stripe_customer_id text unique,
  oxio_end_user_id text unique,
  oxio_group_id text unique,
  -- Counts every change that a projection shows: an older projection never overwrites a newer one.
  revision bigint not null default 1,
  created_at timestamptz not null,
  erased_at timestamptz,
  check (erased_at is null or (uid is null and email is null and display_name is null))
);
create index member_email on member (lower(email)) where email is not null;

create table catalog_version (
  version integer primary key,
  published_at timestamptz not null
);

create table product (
  version integer not null references catalog_version,
  id text not null,
  position integer not null,
  name text not null,
  kind text not null check (kind in ('connectivity', 'membership', 'physical', 'network_feature', 'communication_feature')),
  billing text not null check (billing in ('one_time', 'monthly', 'annual', 'free')),
  reward_basis_points integer not null check (reward_basis_points between 0 and 10000),
  data_bytes bigint check (data_bytes > 0),
  validity_days integer check (validity_days > 0),
  once_per_person boolean not null default false,
  includes_line boolean not null default false,
  -- Whether checkout takes it today: the card is sold through the marketplace, free features are switched on, not bought.
  sellable boolean not null,
  primary key (version, id)
);

create table price (
  version integer not null,
  product_id text not null,
  currency text not null check (currency in ('USD', 'CAD')),
  amount_minor bigint not null check (amount_minor >= 0),
  primary key (version, product_id, currency),
  foreign key (version, product_id) references product (version, id)
);

-- What the payment provider calls our prices. Its prices can't change, so the amount is part of the identity.
create table provider_price (
  lookup_key text not null,
  amount_minor bigint not null,
  price_id text not null,
  synced_at timestamptz not null,
  primary key (lookup_key, amount_minor)
);

create table line (
  id text primary key,
  member_id text not null references member,
  oxio_line_id text not null unique,
  state text not null check (state in ('provisioning', 'released', 'installed', 'active', 'suspended', 'terminated')),
  iccid text,
  -- What installs the eSIM, as the carrier sent it. A secret of the member: never logged, shown to its owner only.
  activation_url text,
  phone_number text,
  country_code text not null,
  created_at timestamptz not null,
  state_changed_at timestamptz not null
);
create index line_member on line (member_id);

create table orders (
  id text primary key,
  member_id text not null references member,
  state text not null check (state in
    ('created', 'paid', 'provisioning', 'released', 'installed', 'active', 'refunding', 'refunded', 'expired')),
  mode text not null check (mode in ('payment', 'subscription')),
  currency text not null check (currency in ('USD', 'CAD')),
  total_minor bigint not null check (total_minor >= 0),
  refunded_minor bigint not null default 0 check (refunded_minor between 0 and total_minor),
  catalog_version integer not null references catalog_version,
  payment_pending boolean not null default false,
  checkout_session_id text unique,
  checkout_url text,
  payment_intent_id text unique,
  stripe_subscription_id text,
  -- The invoice that paid it: unique, so that a renewal becomes one order however often its event comes.
  invoice_id text unique,
  charge_id text,
  receipt_url text,
  line_id text references line,
  -- True once the sale is settled (released): from then on a refund is taken from revenue, not from funds held.
  settled boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  deadline_at timestamptz,
  state_changed_at timestamptz not null
);
create index orders_member on orders (member_id, id desc);
create index orders_deadline on orders (deadline_at) where state in ('paid', 'provisioning');
create index orders_expiry on orders (expires_at) where state = 'created';
create index orders_subscription on orders (stripe_subscription_id) where stripe_subscription_id is not null;
create index orders_charge on orders (charge_id) where charge_id is not null;

create table order_item (
  order_id text not null references orders,
  position integer not null,
  product_id text not null,
  name text not null,
  quantity integer not null check (quantity between 1 and 10),
  unit_minor bigint not null check (unit_minor >= 0),
  reward_basis_points integer not null,
  data_bytes bigint,
  includes_line boolean not null,
  kind text not null,
  billing text not null,
  primary key (order_id, position)
);

-- Plans put on lines at the carrier, which does not deduplicate: how many of ours stand there tells whether an attempt that
-- was cut off had worked.
create table carrier_plan_grant (
  order_id text not null references orders,
  position integer not null,
  ordinal integer not null,
  line_id text not null references line,
  plan_id text not null,
  plan_name text not null,
  granted_at timestamptz not null,
  primary key (order_id, position, ordinal)
);
create index carrier_plan_grant_line on carrier_plan_grant (line_id, plan_name);

-- Holds a product that a person may have once, from the order until it expires or is refunded.
create table once_per_person (
  member_id text not null references member,
  product_id text not null,
  order_id text not null references orders,
  primary key (member_id, product_id)
);

create table order_event (
  id text primary key,
  order_id text not null references orders,
  kind text not null,
  -- Tells apart events of one kind that may come more than once (a refund's id); '' where one is all there can be.
  dedupe_key text not null default '',
  at timestamptz not null,
  evidence jsonb not null default '{}',
  unique (order_id, kind, dedupe_key)
);

create table subscription (
  id text primary key,
  member_id text not null references member,
  stripe_subscription_id text not null,
  product_id text not null,
  order_id text not null references orders,
  status text not null check (status in ('active', 'past_due', 'canceled')),
  current_period_end timestamptz not null,
  cancel_at_period_end boolean not null default false,
  created_at timestamptz not null,
  unique (stripe_subscription_id, product_id)
);
create index subscription_member on subscription (member_id);

create table refund (
  id text primary key,
  order_id text not null references orders,
  -- Why it was asked for, once: 'deadline', 'refused', an operator's request id, or the provider's id when made there.
  request_key text not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null,
  stripe_refund_id text unique,
  state text not null check (state in ('requested', 'pending', 'succeeded', 'failed')),
  requested_at timestamptz not null,
  settled_at timestamptz,
  unique (order_id, request_key)
);

create table dispute (
  id text primary key,
  order_id text not null references orders,
  amount_minor bigint not null,
  status text not null check (status in ('open', 'won', 'lost')),
  opened_at timestamptz not null,
  closed_at timestamptz
);

create table reward (
  id text primary key,
  order_id text not null references orders,
  position integer not null,
  member_id text not null references member,
  state text not null check (state in ('pending', 'vested', 'reversed')),
  currency text not null,
  paid_minor bigint not null,
  basis_points integer not null,
  -- DOTM/18 passes bigint: 9.2 DOTM would be the most it can hold.
  amount_wei numeric(38, 0) not null check (amount_wei >= 0),
  reversed_wei numeric(38, 0) not null default 0 check (reversed_wei between 0 and amount_wei),
  accrued_at timestamptz not null,
  vests_at timestamptz not null,
  unique (order_id, position)
);
create index reward_member on reward (member_id);

-- Work in flight ---------------------------------------------------------------------------------------------------

create table inbox (
  source text not null,
  event_id text not null,
  type text not null,
  object_id text not null,
  event_at timestamptz not null,
  received_at timestamptz not null,
  done_at timestamptz,
  outcome text,
  primary key (source, event_id)
);
create index inbox_open on inbox (received_at) where done_at is null;

create table outbox (
  id text primary key,
  queue text not null,
  topic text not null,
  dedupe_key text not null,
  payload jsonb not null,
  -- Jobs of one lane never run at the same time (one attempt at a time per carrier end user).
  lane text,
  state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  run_at timestamptz not null,
  -- Failed attempts; and claims, which fence off a worker that lost its lease.
  attempts integer not null default 0,
  claims integer not null default 0,
  claimed_until timestamptz,
  enqueued_at timestamptz,
  done_at timestamptz,
  last_error text,
  trace_id text not null,
  created_at timestamptz not null,
  unique (topic, dedupe_key)
);
create index outbox_due on outbox (run_at) where state = 'pending';
create index outbox_dead on outbox (created_at) where state = 'dead';

create table lane (
  name text primary key,
  job_id text not null,
  leased_until timestamptz not null
);

create table idempotency (
  actor text not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  -- Given to the first attempt and to every one that takes over: what the handler makes is named after it.
  resource_suffix text not null,
  response jsonb,
  locked_until timestamptz,
  created_at timestamptz not null,
  primary key (actor, operation, key)
);
create index idempotency_age on idempotency (created_at);

create table rate_limit (
  scope text not null,
  window_start timestamptz not null,
  calls integer not null,
  primary key (scope, window_start)
);

create table mail (
  id text primary key,
  member_id text not null references member,
  kind text not null,
  dedupe_key text not null,
  -- Ids only: words and personal data are looked up when it is sent.
  refers_to jsonb not null,
  provider_message_id text,
  created_at timestamptz not null,
  sent_at timestamptz,
  not_sent_because text check (not_sent_because in ('no_address', 'nothing_to_say')),
  unique (kind, dedupe_key),
  check (sent_at is null or not_sent_because is null)
);

create table alert (
  id text primary key,
  kind text not null,
  subject text not null,
  message text not null,
  raised_at timestamptz not null,
  resolved_at timestamptz
);
create unique index alert_open on alert (kind, subject) where resolved_at is null;

create table audit_log (
  id text primary key,
  at timestamptz not null,
  actor text not null,
  role text,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  trace_id text not null
);
create index audit_subject on audit_log (subject, at);

create table reconciliation_run (
  id text primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  ran_at timestamptz not null
);

create table reconciliation_difference (
  id text primary key,
  run_id text not null references reconciliation_run,
  kind text not null,
  subject text not null,
  unit text,
  expected_minor numeric(38, 0),
  found_minor numeric(38, 0),
  cause text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
create trigger order_event_append_only before update or delete or truncate on order_event
  for each statement execute function refuse_change();

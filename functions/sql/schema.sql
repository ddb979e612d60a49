-- What all migrations together make, read from the catalogue of a migrated database. Written by
--   DATABASE_URL=... node functions/src/ops/dump-schema.ts
-- and compared by npm test. Never edited, never run.

-- Schemas

create schema ledger;

-- Types

create domain ledger.account_code as text collate "C"
  CHECK ((VALUE ~ '^(platform|member|line)(/[a-z0-9_]+)+/([A-Z]{3}|DOTM|BYTE)$'::text));

create domain ledger.account_kind as text collate "C"
  CHECK ((VALUE = ANY (ARRAY['strict'::text, 'deferred'::text])));

create domain ledger.amount as numeric
  CHECK (((VALUE <> (0)::numeric) AND (VALUE = trunc(VALUE)) AND (abs(VALUE) < '100000000000000000000000000000000000000'::numeric)));

create domain ledger.idempotency_key as text collate "C"
  CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 255)));

create domain ledger.meta as jsonb
  CHECK ((jsonb_typeof(VALUE) = 'object'::text));

create domain ledger.template as text collate "C"
  CHECK ((VALUE ~ '^[a-z][A-Za-z]*(\.reversed)?$'::text));

create domain ledger.unit as text collate "C"
  CHECK ((VALUE ~ '^([A-Z]{3}/[0-4]|DOTM/18|BYTE/0)$'::text));

-- Tables

create table ledger.accounts (
  id bigint not null generated always as identity,
  code ledger.account_code not null,
  unit ledger.unit not null,
  kind ledger.account_kind not null,
  min_balance numeric(38,0),
  balance numeric(38,0) not null default 0,
  version bigint not null default 0,
  folded_below bigint not null default 0,
  folded_through bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  constraint accounts_code_key UNIQUE (code),
  constraint accounts_pkey PRIMARY KEY (id)
) with (fillfactor=60);

create table ledger.entries (
  transfer_id bigint not null,
  account_id bigint not null,
  amount ledger.amount not null,
  balance_after numeric,
  "position" bigint not null,
  constraint entries_pkey PRIMARY KEY (transfer_id, account_id)
);

create table ledger.transfers (
  id bigint not null generated always as identity,
  idempotency_key ledger.idempotency_key not null,
  template ledger.template not null,
  event_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  reverses bigint,
  meta ledger.meta not null default '{}'::jsonb,
  codes text[] not null,
  units text[] not null,
  amounts numeric[] not null,
  constraint transfers_idempotency_key_key UNIQUE (idempotency_key),
  constraint transfers_pkey PRIMARY KEY (id)
);

create table ledger.units (
  name text collate "C" not null,
  unit ledger.unit not null,
  constraint units_check CHECK ((name = split_part((unit)::text, '/'::text, 1))),
  constraint units_pkey PRIMARY KEY (name)
);

create table public.alert (
  id text not null,
  kind text not null,
  subject text not null,
  message text not null,
  raised_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  constraint alert_pkey PRIMARY KEY (id)
);

create table public.audit_log (
  id text not null,
  at timestamp with time zone not null,
  actor text not null,
  role text,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'::jsonb,
  trace_id text not null,
  constraint audit_log_pkey PRIMARY KEY (id)
);

create table public.balance_movement (
  id text not null,
  kind text not null,
  source_id text,
  currency text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  at timestamp with time zone not null,
  constraint balance_movement_currency_check CHECK ((currency = ANY (ARRAY['USD'::text, 'CAD'::text]))),
  constraint balance_movement_kind_check CHECK ((kind = ANY (ARRAY['charge'::text, 'payment'::text, 'refund'::text, 'payment_refund'::text, 'adjustment'::text, 'stripe_fee'::text, 'payout'::text, 'other'::text]))),
  constraint balance_movement_pkey PRIMARY KEY (id)
);

create table public.bundle (
  version integer not null,
  id text not null,
  "position" integer not null,
  kind text not null,
  minimum_products integer not null,
  basis_points_off integer not null,
  constraint bundle_basis_points_off_check CHECK (((basis_points_off >= 0) AND (basis_points_off <= 10000))),
  constraint bundle_minimum_products_check CHECK ((minimum_products >= 2)),
  constraint bundle_pkey PRIMARY KEY (version, id),
  constraint bundle_version_fkey FOREIGN KEY (version) REFERENCES public.catalog_version(version)
);

create table public.carrier_plan_grant (
  order_id text not null,
  "position" integer not null,
  ordinal integer not null,
  line_id text not null,
  plan_id text not null,
  plan_name text not null,
  granted_at timestamp with time zone not null,
  constraint carrier_plan_grant_line_id_fkey FOREIGN KEY (line_id) REFERENCES public.line(id),
  constraint carrier_plan_grant_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint carrier_plan_grant_pkey PRIMARY KEY (order_id, "position", ordinal)
);

create table public.catalog_currency (
  version integer not null,
  code text not null,
  "position" integer not null,
  reward_rate text not null,
  constraint catalog_currency_code_check CHECK ((code ~ '^[A-Z]{3}$'::text)),
  constraint catalog_currency_pkey PRIMARY KEY (version, code),
  constraint catalog_currency_reward_rate_check CHECK ((reward_rate ~ '^\d{1,9}(\.\d{1,9})?$'::text)),
  constraint catalog_currency_version_fkey FOREIGN KEY (version) REFERENCES public.catalog_version(version)
);

create table public.catalog_version (
  version integer not null,
  published_at timestamp with time zone,
  state text not null,
  effective_at timestamp with time zone,
  created_at timestamp with time zone not null,
  created_by text,
  request_id text,
  published_by text,
  note text not null default ''::text,
  based_on integer,
  excluded_countries text[] not null default '{}'::text[],
  content jsonb,
  revision integer not null default 1,
  constraint catalog_version_based_on_fkey FOREIGN KEY (based_on) REFERENCES public.catalog_version(version),
  constraint catalog_version_parts CHECK ((((state <> 'published'::text) AND (published_at IS NULL) AND (published_by IS NULL) AND (content IS NOT NULL)) OR ((state = 'published'::text) AND (published_at IS NOT NULL) AND (effective_at IS NOT NULL) AND (content IS NULL)))),
  constraint catalog_version_pkey PRIMARY KEY (version),
  constraint catalog_version_request_id_key UNIQUE (request_id),
  constraint catalog_version_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'discarded'::text])))
);

create table public.chain_cursor (
  chain_id bigint not null,
  token text not null,
  next_block bigint not null,
  block_hash text,
  block_at timestamp with time zone,
  minted_wei numeric(38,0) not null default 0,
  holders integer not null default 0,
  cap_wei numeric(38,0),
  agreed_at timestamp with time zone,
  constraint chain_cursor_block_hash_check CHECK ((block_hash ~ '^0x[0-9a-f]{64}$'::text)),
  constraint chain_cursor_chain_id_check CHECK ((chain_id > 0)),
  constraint chain_cursor_holders_check CHECK ((holders >= 0)),
  constraint chain_cursor_minted_wei_check CHECK ((minted_wei >= (0)::numeric)),
  constraint chain_cursor_next_block_check CHECK ((next_block >= 0)),
  constraint chain_cursor_pkey PRIMARY KEY (chain_id, token),
  constraint chain_cursor_token_check CHECK ((token ~ '^0x[0-9a-f]{40}$'::text))
);

create table public.chain_signer (
  chain_id bigint not null,
  address text not null,
  next_nonce bigint not null,
  constraint chain_signer_address_check CHECK ((address ~ '^0x[0-9a-f]{40}$'::text)),
  constraint chain_signer_chain_id_check CHECK ((chain_id > 0)),
  constraint chain_signer_next_nonce_check CHECK ((next_nonce >= 0)),
  constraint chain_signer_pkey PRIMARY KEY (chain_id, address)
);

create table public.dispute (
  id text not null,
  order_id text not null,
  amount_minor bigint not null,
  status text not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  tax_minor bigint not null default 0,
  constraint dispute_check CHECK (((tax_minor >= 0) AND (tax_minor <= amount_minor))),
  constraint dispute_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint dispute_pkey PRIMARY KEY (id),
  constraint dispute_status_check CHECK ((status = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text])))
);

create table public.distribution_batch (
  id bigint not null default nextval('public.distribution_batch_id'::regclass),
  run_id text not null,
  chain_id bigint not null,
  distributor text not null,
  entries integer not null,
  total_micro bigint not null,
  words text not null,
  entries_hash text not null,
  from_block bigint not null,
  generation integer not null default 0,
  state text not null,
  tx_hash text,
  block_number bigint,
  block_hash text,
  block_at timestamp with time zone,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  constraint distribution_batch_chain_id_check CHECK ((chain_id > 0)),
  constraint distribution_batch_check CHECK (((state = 'confirmed'::text) = (confirmed_at IS NOT NULL))),
  constraint distribution_batch_check1 CHECK (((state <> 'confirmed'::text) OR ((tx_hash IS NOT NULL) AND (block_number IS NOT NULL) AND (block_hash IS NOT NULL) AND (block_at IS NOT NULL)))),
  constraint distribution_batch_distributor_check CHECK ((distributor ~ '^0x[0-9a-f]{40}$'::text)),
  constraint distribution_batch_entries_check CHECK (((entries >= 1) AND (entries <= 500))),
  constraint distribution_batch_entries_hash_check CHECK ((entries_hash ~ '^0x[0-9a-f]{64}$'::text)),
  constraint distribution_batch_from_block_check CHECK ((from_block >= 0)),
  constraint distribution_batch_generation_check CHECK ((generation >= 0)),
  constraint distribution_batch_pkey PRIMARY KEY (id),
  constraint distribution_batch_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.distribution_run(id),
  constraint distribution_batch_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'signed'::text, 'confirmed'::text, 'conflict'::text, 'released'::text]))),
  constraint distribution_batch_total_micro_check CHECK ((total_micro > 0)),
  constraint distribution_batch_tx_hash_check CHECK ((tx_hash ~ '^0x[0-9a-f]{64}$'::text)),
  constraint distribution_batch_words_check CHECK ((words ~ '^0x([0-9a-f]{64})+$'::text))
);

create table public.distribution_entry (
  batch_id bigint not null,
  "position" integer not null,
  member_id text not null,
  address text not null,
  amount_micro bigint not null,
  constraint distribution_entry_address_check CHECK (((address ~ '^0x[0-9a-f]{40}$'::text) AND (address <> '0x0000000000000000000000000000000000000000'::text))),
  constraint distribution_entry_amount_micro_check CHECK ((amount_micro > 0)),
  constraint distribution_entry_batch_id_address_key UNIQUE (batch_id, address),
  constraint distribution_entry_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.distribution_batch(id),
  constraint distribution_entry_batch_id_member_id_key UNIQUE (batch_id, member_id),
  constraint distribution_entry_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint distribution_entry_pkey PRIMARY KEY (batch_id, "position"),
  constraint distribution_entry_position_check CHECK (("position" >= 0))
);

create table public.distribution_run (
  id text not null,
  key text not null,
  state text not null,
  chain_id bigint not null,
  distributor text not null,
  requested_by text not null,
  total_micro bigint not null default 0,
  recipients integer not null default 0,
  batches integer not null default 0,
  planned_through text not null default ''::text,
  checks jsonb not null default '{}'::jsonb,
  approved_by text,
  approved_at timestamp with time zone,
  created_at timestamp with time zone not null,
  planned_at timestamp with time zone,
  finished_at timestamp with time zone,
  note text,
  constraint distribution_run_batches_check CHECK ((batches >= 0)),
  constraint distribution_run_chain_id_check CHECK ((chain_id > 0)),
  constraint distribution_run_check CHECK (((state <> 'sending'::text) OR ((planned_at IS NOT NULL) AND (approved_at IS NOT NULL)))),
  constraint distribution_run_check1 CHECK (((state = ANY (ARRAY['done'::text, 'rejected'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
  constraint distribution_run_check2 CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
  constraint distribution_run_checks_check CHECK ((jsonb_typeof(checks) = 'object'::text)),
  constraint distribution_run_distributor_check CHECK ((distributor ~ '^0x[0-9a-f]{40}$'::text)),
  constraint distribution_run_key_key UNIQUE (key),
  constraint distribution_run_pkey PRIMARY KEY (id),
  constraint distribution_run_recipients_check CHECK ((recipients >= 0)),
  constraint distribution_run_state_check CHECK ((state = ANY (ARRAY['awaiting_approval'::text, 'sending'::text, 'done'::text, 'rejected'::text, 'failed'::text]))),
  constraint distribution_run_total_micro_check CHECK ((total_micro >= 0))
);

create table public.distribution_transaction (
  batch_id bigint not null,
  generation integer not null,
  attempt integer not null,
  chain_id bigint not null,
  sender text not null,
  nonce bigint not null,
  hash text,
  raw text,
  max_fee_wei numeric(38,0),
  tip_wei numeric(38,0),
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint distribution_transaction_attempt_check CHECK ((attempt >= 0)),
  constraint distribution_transaction_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.distribution_batch(id),
  constraint distribution_transaction_chain_id_check CHECK ((chain_id > 0)),
  constraint distribution_transaction_check CHECK ((((raw IS NULL) = (hash IS NULL)) AND ((raw IS NULL) = (max_fee_wei IS NULL)) AND ((raw IS NULL) = (tip_wei IS NULL)))),
  constraint distribution_transaction_check1 CHECK (((raw IS NOT NULL) OR ((attempt = 0) AND (sent_at IS NULL)))),
  constraint distribution_transaction_generation_check CHECK ((generation >= 0)),
  constraint distribution_transaction_hash_check CHECK ((hash ~ '^0x[0-9a-f]{64}$'::text)),
  constraint distribution_transaction_hash_key UNIQUE (hash),
  constraint distribution_transaction_nonce_check CHECK ((nonce >= 0)),
  constraint distribution_transaction_pkey PRIMARY KEY (batch_id, generation, attempt),
  constraint distribution_transaction_raw_check CHECK ((raw ~ '^0x([0-9a-f]{2})+$'::text)),
  constraint distribution_transaction_sender_check CHECK ((sender ~ '^0x[0-9a-f]{40}$'::text))
);

create table public.idempotency (
  actor text not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  resource_suffix text not null,
  response jsonb,
  locked_until timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint idempotency_pkey PRIMARY KEY (actor, operation, key)
);

create table public.inbox (
  source text not null,
  event_id text not null,
  type text not null,
  object_id text not null,
  event_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  done_at timestamp with time zone,
  outcome text,
  constraint inbox_pkey PRIMARY KEY (source, event_id)
);

create table public.lane (
  name text not null,
  job_id text not null,
  leased_until timestamp with time zone not null,
  constraint lane_pkey PRIMARY KEY (name)
);

create table public.line (
  id text not null,
  member_id text not null,
  oxio_line_id text not null,
  state text not null,
  iccid text,
  activation_url text,
  phone_number text,
  country_code text not null,
  created_at timestamp with time zone not null,
  state_changed_at timestamp with time zone not null,
  constraint line_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint line_oxio_line_id_key UNIQUE (oxio_line_id),
  constraint line_pkey PRIMARY KEY (id),
  constraint line_state_check CHECK ((state = ANY (ARRAY['provisioning'::text, 'released'::text, 'installed'::text, 'active'::text, 'suspended'::text, 'terminated'::text])))
);

create table public.mail (
  id text not null,
  member_id text not null,
  kind text not null,
  dedupe_key text not null,
  refers_to jsonb not null,
  provider_message_id text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  not_sent_because text,
  constraint mail_check CHECK (((sent_at IS NULL) OR (not_sent_because IS NULL))),
  constraint mail_kind_dedupe_key_key UNIQUE (kind, dedupe_key),
  constraint mail_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint mail_not_sent_because_check CHECK ((not_sent_because = ANY (ARRAY['no_address'::text, 'nothing_to_say'::text]))),
  constraint mail_pkey PRIMARY KEY (id)
);

create table public.member (
  id text not null,
  uid text,
  uid_hash text not null,
  email text,
  email_verified boolean not null default false,
  display_name text,
  locale text not null default 'en'::text,
  currency text not null default 'USD'::text,
  stripe_customer_id text,
  oxio_end_user_id text,
  oxio_group_id text,
  revision bigint not null default 1,
  created_at timestamp with time zone not null,
  erased_at timestamp with time zone,
  constraint member_check CHECK (((erased_at IS NULL) OR ((uid IS NULL) AND (email IS NULL) AND (display_name IS NULL)))),
  constraint member_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint member_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'fr'::text]))),
  constraint member_oxio_end_user_id_key UNIQUE (oxio_end_user_id),
  constraint member_oxio_group_id_key UNIQUE (oxio_group_id),
  constraint member_pkey PRIMARY KEY (id),
  constraint member_stripe_customer_id_key UNIQUE (stripe_customer_id),
  constraint member_uid_hash_key UNIQUE (uid_hash),
  constraint member_uid_key UNIQUE (uid)
);

create table public.member_discount (
  version integer not null,
  id text not null,
  "position" integer not null,
  membership_id text not null,
  kind text not null,
  basis_points_off integer not null,
  constraint member_discount_basis_points_off_check CHECK (((basis_points_off >= 0) AND (basis_points_off <= 10000))),
  constraint member_discount_pkey PRIMARY KEY (version, id),
  constraint member_discount_version_fkey FOREIGN KEY (version) REFERENCES public.catalog_version(version),
  constraint member_discount_version_membership_id_fkey FOREIGN KEY (version, membership_id) REFERENCES public.product(version, id)
);

create table public.once_per_person (
  member_id text not null,
  product_id text not null,
  order_id text not null,
  constraint once_per_person_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint once_per_person_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint once_per_person_pkey PRIMARY KEY (member_id, product_id)
);

create table public.order_event (
  id text not null,
  order_id text not null,
  kind text not null,
  dedupe_key text not null default ''::text,
  at timestamp with time zone not null,
  evidence jsonb not null default '{}'::jsonb,
  constraint order_event_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint order_event_order_id_kind_dedupe_key_key UNIQUE (order_id, kind, dedupe_key),
  constraint order_event_pkey PRIMARY KEY (id)
);

create table public.order_item (
  order_id text not null,
  "position" integer not null,
  product_id text not null,
  name text not null,
  quantity integer not null,
  unit_minor bigint not null,
  reward_basis_points integer not null,
  data_bytes bigint,
  includes_line boolean not null,
  kind text not null,
  billing text not null,
  discount_minor bigint not null default 0,
  renewal_discount_minor bigint not null default 0,
  credit_minor bigint not null default 0,
  constraint order_item_check CHECK (((discount_minor >= 0) AND (discount_minor <= (unit_minor * quantity)))),
  constraint order_item_check1 CHECK (((renewal_discount_minor >= 0) AND (renewal_discount_minor <= (unit_minor * quantity)))),
  constraint order_item_check2 CHECK (((credit_minor >= 0) AND (credit_minor <= ((unit_minor * quantity) - discount_minor)))),
  constraint order_item_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint order_item_pkey PRIMARY KEY (order_id, "position"),
  constraint order_item_quantity_check CHECK (((quantity >= 1) AND (quantity <= 10))),
  constraint order_item_unit_minor_check CHECK ((unit_minor >= 0))
);

create table public.orders (
  id text not null,
  member_id text not null,
  state text not null,
  mode text not null,
  currency text not null,
  total_minor bigint not null,
  refunded_minor bigint not null default 0,
  catalog_version integer not null,
  payment_pending boolean not null default false,
  checkout_session_id text,
  checkout_url text,
  payment_intent_id text,
  stripe_subscription_id text,
  invoice_id text,
  charge_id text,
  receipt_url text,
  line_id text,
  settled boolean not null default false,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  deadline_at timestamp with time zone,
  state_changed_at timestamp with time zone not null,
  discount_kind text,
  discount_id text,
  discount_basis_points integer,
  renewal_discount_kind text,
  renewal_discount_id text,
  renewal_discount_basis_points integer,
  quoted_at timestamp with time zone,
  tax_minor bigint not null default 0,
  tax_refunded_minor bigint not null default 0,
  credit_minor bigint not null default 0,
  credit_wei numeric(38,0) not null default 0,
  credit_returned_wei numeric(38,0) not null default 0,
  constraint orders_catalog_version_fkey FOREIGN KEY (catalog_version) REFERENCES public.catalog_version(version),
  constraint orders_check CHECK (((refunded_minor >= 0) AND (refunded_minor <= total_minor))),
  constraint orders_check1 CHECK (((discount_kind IS NULL) = (discount_id IS NULL))),
  constraint orders_check2 CHECK (((renewal_discount_kind IS NULL) = (renewal_discount_id IS NULL))),
  constraint orders_check3 CHECK (((tax_minor >= 0) AND (tax_minor <= total_minor))),
  constraint orders_check4 CHECK (((tax_refunded_minor >= 0) AND (tax_refunded_minor <= LEAST(tax_minor, refunded_minor)))),
  constraint orders_check5 CHECK (((credit_minor = 0) = (credit_wei = (0)::numeric))),
  constraint orders_check6 CHECK (((credit_returned_wei >= (0)::numeric) AND (credit_returned_wei <= credit_wei))),
  constraint orders_checkout_session_id_key UNIQUE (checkout_session_id),
  constraint orders_credit_minor_check CHECK ((credit_minor >= 0)),
  constraint orders_credit_wei_check CHECK ((credit_wei >= (0)::numeric)),
  constraint orders_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint orders_discount_kind_check CHECK ((discount_kind = ANY (ARRAY['bundle'::text, 'member'::text, 'promotion'::text]))),
  constraint orders_invoice_id_key UNIQUE (invoice_id),
  constraint orders_line_id_fkey FOREIGN KEY (line_id) REFERENCES public.line(id),
  constraint orders_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint orders_mode_check CHECK ((mode = ANY (ARRAY['payment'::text, 'subscription'::text]))),
  constraint orders_payment_intent_id_key UNIQUE (payment_intent_id),
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_renewal_discount_kind_check CHECK ((renewal_discount_kind = ANY (ARRAY['bundle'::text, 'member'::text]))),
  constraint orders_state_check CHECK ((state = ANY (ARRAY['created'::text, 'paid'::text, 'provisioning'::text, 'released'::text, 'installed'::text, 'active'::text, 'refunding'::text, 'refunded'::text, 'expired'::text]))),
  constraint orders_total_minor_check CHECK ((total_minor >= 0))
);

create table public.outbox (
  id text not null,
  queue text not null,
  topic text not null,
  dedupe_key text not null,
  payload jsonb not null,
  lane text,
  state text not null default 'pending'::text,
  run_at timestamp with time zone not null,
  attempts integer not null default 0,
  claims integer not null default 0,
  claimed_until timestamp with time zone,
  enqueued_at timestamp with time zone,
  done_at timestamp with time zone,
  last_error text,
  trace_id text not null,
  created_at timestamp with time zone not null,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'dead'::text]))),
  constraint outbox_topic_dedupe_key_key UNIQUE (topic, dedupe_key)
);

create table public.plan_change (
  id text not null,
  member_id text not null,
  subscription_id text not null,
  stripe_item_id text not null,
  kind text not null,
  state text not null,
  from_product_id text not null,
  from_cycle text not null,
  from_price_id text not null,
  from_minor bigint not null,
  to_product_id text not null,
  to_cycle text not null,
  to_price_id text not null,
  to_minor bigint not null,
  quantity integer not null,
  currency text not null,
  catalog_version integer not null,
  proration_at timestamp with time zone not null,
  period_end timestamp with time zone not null,
  order_id text,
  requested_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint plan_change_catalog_version_fkey FOREIGN KEY (catalog_version) REFERENCES public.catalog_version(version),
  constraint plan_change_check CHECK (((kind = 'upgrade'::text) = (order_id IS NOT NULL))),
  constraint plan_change_check1 CHECK (((kind = 'upgrade'::text) OR (state <> 'done'::text) OR (settled_at IS NOT NULL))),
  constraint plan_change_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint plan_change_from_cycle_check CHECK ((from_cycle = ANY (ARRAY['monthly'::text, 'annual'::text]))),
  constraint plan_change_from_minor_check CHECK ((from_minor >= 0)),
  constraint plan_change_kind_check CHECK ((kind = ANY (ARRAY['upgrade'::text, 'downgrade'::text]))),
  constraint plan_change_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint plan_change_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint plan_change_order_id_key UNIQUE (order_id),
  constraint plan_change_pkey PRIMARY KEY (id),
  constraint plan_change_quantity_check CHECK ((quantity > 0)),
  constraint plan_change_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'scheduled'::text, 'done'::text, 'refused'::text, 'undone'::text]))),
  constraint plan_change_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES public.subscription(id),
  constraint plan_change_to_cycle_check CHECK ((to_cycle = ANY (ARRAY['monthly'::text, 'annual'::text]))),
  constraint plan_change_to_minor_check CHECK ((to_minor >= 0))
);

create table public.price (
  version integer not null,
  product_id text not null,
  currency text not null,
  amount_minor bigint not null,
  cycle text not null,
  constraint price_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint price_cycle_check CHECK ((cycle = ANY (ARRAY['one_time'::text, 'monthly'::text, 'annual'::text]))),
  constraint price_pkey PRIMARY KEY (version, product_id, currency, cycle),
  constraint price_version_currency_fkey FOREIGN KEY (version, currency) REFERENCES public.catalog_currency(version, code),
  constraint price_version_product_id_fkey FOREIGN KEY (version, product_id) REFERENCES public.product(version, id)
);

create table public.product (
  version integer not null,
  id text not null,
  "position" integer not null,
  name text not null,
  kind text not null,
  billing text not null,
  reward_basis_points integer not null,
  data_bytes bigint,
  validity_days integer,
  once_per_person boolean not null default false,
  includes_line boolean not null default false,
  sellable boolean not null,
  countries text[],
  constraint product_billing_check CHECK ((billing = ANY (ARRAY['one_time'::text, 'monthly'::text, 'annual'::text, 'free'::text]))),
  constraint product_data_bytes_check CHECK ((data_bytes > 0)),
  constraint product_kind_check CHECK ((kind = ANY (ARRAY['connectivity'::text, 'membership'::text, 'physical'::text, 'network_feature'::text, 'communication_feature'::text]))),
  constraint product_pkey PRIMARY KEY (version, id),
  constraint product_reward_basis_points_check CHECK (((reward_basis_points >= 0) AND (reward_basis_points <= 10000))),
  constraint product_validity_days_check CHECK ((validity_days > 0)),
  constraint product_version_fkey FOREIGN KEY (version) REFERENCES public.catalog_version(version)
);

create table public.promotion (
  code text not null,
  basis_points integer,
  product_ids text[],
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  ended_at timestamp with time zone,
  max_redemptions integer,
  max_per_person integer,
  taken integer not null default 0,
  note text not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  constraint promotion_basis_points_check CHECK (((basis_points >= 1) AND (basis_points <= 10000))),
  constraint promotion_check CHECK ((ends_at > starts_at)),
  constraint promotion_check1 CHECK (((max_redemptions IS NULL) OR (taken <= max_redemptions))),
  constraint promotion_code_check CHECK ((code ~ '^[A-Z0-9-]{3,32}$'::text)),
  constraint promotion_max_per_person_check CHECK ((max_per_person > 0)),
  constraint promotion_max_redemptions_check CHECK ((max_redemptions > 0)),
  constraint promotion_pkey PRIMARY KEY (code),
  constraint promotion_product_ids_check CHECK ((cardinality(product_ids) > 0)),
  constraint promotion_taken_check CHECK ((taken >= 0))
);

create table public.promotion_amount (
  code text not null,
  currency text not null,
  amount_minor bigint not null,
  constraint promotion_amount_amount_minor_check CHECK ((amount_minor > 0)),
  constraint promotion_amount_code_fkey FOREIGN KEY (code) REFERENCES public.promotion(code),
  constraint promotion_amount_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint promotion_amount_pkey PRIMARY KEY (code, currency)
);

create table public.promotion_redemption (
  order_id text not null,
  code text not null,
  member_id text not null,
  state text not null,
  reserved_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint promotion_redemption_check CHECK (((state = 'reserved'::text) OR (settled_at IS NOT NULL))),
  constraint promotion_redemption_code_fkey FOREIGN KEY (code) REFERENCES public.promotion(code),
  constraint promotion_redemption_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint promotion_redemption_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint promotion_redemption_pkey PRIMARY KEY (order_id),
  constraint promotion_redemption_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'redeemed'::text, 'released'::text])))
);

create table public.provider_price (
  lookup_key text not null,
  amount_minor bigint not null,
  price_id text not null,
  synced_at timestamp with time zone not null,
  constraint provider_price_pkey PRIMARY KEY (lookup_key, amount_minor)
);

create table public.rate_limit (
  scope text not null,
  window_start timestamp with time zone not null,
  calls integer not null,
  constraint rate_limit_pkey PRIMARY KEY (scope, window_start)
);

create table public.reconciliation_difference (
  id text not null,
  run_id text not null,
  kind text not null,
  subject text not null,
  unit text,
  expected_minor numeric(38,0),
  found_minor numeric(38,0),
  cause text not null,
  constraint reconciliation_difference_pkey PRIMARY KEY (id),
  constraint reconciliation_difference_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.reconciliation_run(id)
);

create table public.reconciliation_run (
  id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  ran_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  differences integer,
  constraint reconciliation_run_check CHECK (((finished_at IS NULL) = (differences IS NULL))),
  constraint reconciliation_run_pkey PRIMARY KEY (id)
);

create table public.refund (
  id text not null,
  order_id text not null,
  request_key text not null,
  amount_minor bigint not null,
  reason text not null,
  stripe_refund_id text,
  state text not null,
  requested_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  tax_minor bigint not null default 0,
  constraint refund_amount_minor_check CHECK ((amount_minor > 0)),
  constraint refund_check CHECK (((tax_minor >= 0) AND (tax_minor <= amount_minor))),
  constraint refund_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint refund_order_id_request_key_key UNIQUE (order_id, request_key),
  constraint refund_pkey PRIMARY KEY (id),
  constraint refund_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'pending'::text, 'succeeded'::text, 'failed'::text]))),
  constraint refund_stripe_refund_id_key UNIQUE (stripe_refund_id)
);

create table public.reward (
  id text not null,
  order_id text not null,
  "position" integer,
  member_id text not null,
  state text not null,
  currency text not null,
  paid_minor bigint not null,
  basis_points integer not null,
  amount_wei numeric(38,0) not null,
  reversed_wei numeric(38,0) not null default 0,
  accrued_at timestamp with time zone not null,
  vests_at timestamp with time zone not null,
  kind text not null,
  earned_wei numeric(38,0) not null,
  rate text,
  vested_at timestamp with time zone,
  used_wei numeric(38,0) not null default 0,
  noted_wei numeric(38,0) not null default 0,
  free_wei numeric(38,0) not null generated always as (
CASE
    WHEN (state = 'pending'::text) THEN (0)::numeric
    ELSE ((amount_wei - used_wei) - (reversed_wei - noted_wei))
END) stored,
  constraint reward_amount_wei_check CHECK ((amount_wei >= (0)::numeric)),
  constraint reward_cap CHECK ((amount_wei <= earned_wei)),
  constraint reward_check CHECK (((reversed_wei >= (0)::numeric) AND (reversed_wei <= amount_wei))),
  constraint reward_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'new_member'::text, 'founding_member'::text]))),
  constraint reward_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint reward_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint reward_order_id_position_key UNIQUE (order_id, "position"),
  constraint reward_parts CHECK ((((noted_wei >= (0)::numeric) AND (noted_wei <= reversed_wei)) AND ((used_wei >= (0)::numeric) AND (used_wei <= amount_wei)) AND (((used_wei + reversed_wei) - noted_wei) <= amount_wei))),
  constraint reward_pending CHECK (((state <> 'pending'::text) OR ((used_wei = (0)::numeric) AND (noted_wei = (0)::numeric) AND (vested_at IS NULL)))),
  constraint reward_pkey PRIMARY KEY (id),
  constraint reward_position CHECK ((("position" IS NULL) = (kind <> 'purchase'::text))),
  constraint reward_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'vested'::text, 'reversed'::text]))),
  constraint reward_vested CHECK (((state <> 'vested'::text) OR (vested_at IS NOT NULL)))
);

create table public.reward_grant (
  kind text not null,
  person text not null,
  member_id text not null,
  reward_id text not null,
  granted_at timestamp with time zone not null,
  constraint reward_grant_kind_check CHECK ((kind = ANY (ARRAY['new_member'::text, 'founding_member'::text]))),
  constraint reward_grant_kind_member_id_key UNIQUE (kind, member_id),
  constraint reward_grant_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint reward_grant_person_check CHECK ((person ~ '^[0-9a-f]{64}$'::text)),
  constraint reward_grant_pkey PRIMARY KEY (kind, person),
  constraint reward_grant_reward_id_fkey FOREIGN KEY (reward_id) REFERENCES public.reward(id),
  constraint reward_grant_reward_id_key UNIQUE (reward_id)
);

create table public.reward_leaf (
  date date not null,
  "position" integer not null,
  member_id text not null,
  salt bytea not null,
  hash bytea not null,
  pending_wei numeric(38,0) not null,
  vested_wei numeric(38,0) not null,
  reserved_wei numeric(38,0) not null,
  constraint reward_leaf_date_fkey FOREIGN KEY (date) REFERENCES public.reward_statement(date),
  constraint reward_leaf_date_member_id_key UNIQUE (date, member_id),
  constraint reward_leaf_hash_check CHECK ((length(hash) = 32)),
  constraint reward_leaf_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint reward_leaf_pending_wei_check CHECK ((pending_wei >= (0)::numeric)),
  constraint reward_leaf_pkey PRIMARY KEY (date, "position"),
  constraint reward_leaf_position_check CHECK (("position" >= 0)),
  constraint reward_leaf_reserved_wei_check CHECK ((reserved_wei >= (0)::numeric)),
  constraint reward_leaf_salt_check CHECK ((length(salt) = 32)),
  constraint reward_leaf_vested_wei_check CHECK ((vested_wei >= (0)::numeric))
);

create table public.reward_node (
  date date not null,
  "position" integer not null,
  hash bytea not null,
  sum_wei numeric(38,0) not null,
  constraint reward_node_date_fkey FOREIGN KEY (date) REFERENCES public.reward_statement(date),
  constraint reward_node_hash_check CHECK ((length(hash) = 32)),
  constraint reward_node_pkey PRIMARY KEY (date, "position"),
  constraint reward_node_position_check CHECK (("position" >= 0)),
  constraint reward_node_sum_wei_check CHECK ((sum_wei >= (0)::numeric))
);

create table public.reward_statement (
  date date not null,
  taken_at timestamp with time zone not null,
  chain_id bigint not null,
  token text not null,
  distributor text not null,
  root bytea not null,
  leaves integer not null,
  pending_wei numeric(38,0) not null,
  vested_wei numeric(38,0) not null,
  reserved_wei numeric(38,0) not null,
  block_number bigint,
  block_hash text,
  supply_wei numeric(38,0),
  cap_wei numeric(38,0),
  signer text,
  signature text,
  published_at timestamp with time zone,
  constraint reward_statement_block_hash_check CHECK ((block_hash ~ '^0x[0-9a-f]{64}$'::text)),
  constraint reward_statement_block_number_check CHECK ((block_number >= 0)),
  constraint reward_statement_chain_id_check CHECK ((chain_id > 0)),
  constraint reward_statement_check CHECK ((cap_wei >= supply_wei)),
  constraint reward_statement_check1 CHECK ((date = ((taken_at AT TIME ZONE 'UTC'::text))::date)),
  constraint reward_statement_check2 CHECK ((num_nulls(block_number, block_hash, supply_wei, cap_wei) = ANY (ARRAY[0, 4]))),
  constraint reward_statement_check3 CHECK ((num_nulls(signer, signature, published_at) = ANY (ARRAY[0, 3]))),
  constraint reward_statement_check4 CHECK (((published_at IS NULL) OR (block_number IS NOT NULL))),
  constraint reward_statement_distributor_check CHECK ((distributor ~ '^0x[0-9a-f]{40}$'::text)),
  constraint reward_statement_leaves_check CHECK ((leaves >= 0)),
  constraint reward_statement_pending_wei_check CHECK ((pending_wei >= (0)::numeric)),
  constraint reward_statement_pkey PRIMARY KEY (date),
  constraint reward_statement_reserved_wei_check CHECK ((reserved_wei >= (0)::numeric)),
  constraint reward_statement_root_check CHECK ((length(root) = 32)),
  constraint reward_statement_signature_check CHECK ((signature ~ '^0x[0-9a-f]{130}$'::text)),
  constraint reward_statement_signer_check CHECK ((signer ~ '^0x[0-9a-f]{40}$'::text)),
  constraint reward_statement_supply_wei_check CHECK ((supply_wei >= (0)::numeric)),
  constraint reward_statement_token_check CHECK ((token ~ '^0x[0-9a-f]{40}$'::text)),
  constraint reward_statement_vested_wei_check CHECK ((vested_wei >= (0)::numeric))
);

create table public.reward_use (
  id text not null,
  reward_id text not null,
  member_id text not null,
  kind text not null,
  batch_id bigint,
  order_id text,
  amount_wei numeric(38,0) not null,
  returned_wei numeric(38,0) not null default 0,
  state text not null,
  made_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint reward_use_amount_wei_check CHECK ((amount_wei > (0)::numeric)),
  constraint reward_use_batch_id FOREIGN KEY (batch_id) REFERENCES public.distribution_batch(id),
  constraint reward_use_check CHECK (((returned_wei >= (0)::numeric) AND (returned_wei <= amount_wei))),
  constraint reward_use_check1 CHECK (((kind = 'payout'::text) = (batch_id IS NOT NULL))),
  constraint reward_use_check2 CHECK (((kind = 'credit'::text) = (order_id IS NOT NULL))),
  constraint reward_use_check3 CHECK (((kind = ANY (ARRAY['payout'::text, 'credit'::text])) OR (state = 'final'::text))),
  constraint reward_use_check4 CHECK (((state = 'final'::text) = (settled_at IS NOT NULL))),
  constraint reward_use_check5 CHECK (((state = 'final'::text) OR (returned_wei = (0)::numeric))),
  constraint reward_use_kind_check CHECK ((kind = ANY (ARRAY['payout'::text, 'credit'::text, 'set_off'::text, 'lapse'::text]))),
  constraint reward_use_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint reward_use_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint reward_use_pkey PRIMARY KEY (id),
  constraint reward_use_reward_id_fkey FOREIGN KEY (reward_id) REFERENCES public.reward(id),
  constraint reward_use_state_check CHECK ((state = ANY (ARRAY['held'::text, 'final'::text])))
);

create table public.subscription (
  id text not null,
  member_id text not null,
  stripe_subscription_id text not null,
  product_id text not null,
  order_id text not null,
  status text not null,
  current_period_end timestamp with time zone not null,
  cancel_at_period_end boolean not null default false,
  created_at timestamp with time zone not null,
  stripe_item_id text,
  cycle text,
  currency text,
  unit_minor bigint,
  quantity integer,
  period_start timestamp with time zone,
  discounted boolean not null default false,
  seen_at timestamp with time zone,
  constraint subscription_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint subscription_cycle_check CHECK ((cycle = ANY (ARRAY['monthly'::text, 'annual'::text]))),
  constraint subscription_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint subscription_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id),
  constraint subscription_pkey PRIMARY KEY (id),
  constraint subscription_quantity_check CHECK ((quantity > 0)),
  constraint subscription_status_check CHECK ((status = ANY (ARRAY['active'::text, 'past_due'::text, 'canceled'::text]))),
  constraint subscription_stripe_item_id_key UNIQUE (stripe_item_id),
  constraint subscription_stripe_subscription_id_product_id_key UNIQUE (stripe_subscription_id, product_id),
  constraint subscription_unit_minor_check CHECK ((unit_minor >= 0))
);

create table public.token_holder (
  chain_id bigint not null,
  token text not null,
  address text not null,
  balance_wei numeric(38,0) not null,
  constraint token_holder_address_check CHECK ((address ~ '^0x[0-9a-f]{40}$'::text)),
  constraint token_holder_balance_wei_check CHECK ((balance_wei >= (0)::numeric)),
  constraint token_holder_chain_id_token_fkey FOREIGN KEY (chain_id, token) REFERENCES public.chain_cursor(chain_id, token),
  constraint token_holder_pkey PRIMARY KEY (chain_id, token, address)
);

create table public.token_payout (
  chain_id bigint not null,
  token text not null,
  distributor text not null,
  batch_id numeric(78,0) not null,
  entries integer not null,
  entries_hash text not null,
  total_micro numeric(38,0) not null,
  block_number bigint not null,
  block_at timestamp with time zone not null,
  tx_hash text not null,
  ours boolean not null,
  constraint token_payout_batch_id_check CHECK ((batch_id >= (0)::numeric)),
  constraint token_payout_chain_id_token_fkey FOREIGN KEY (chain_id, token) REFERENCES public.chain_cursor(chain_id, token),
  constraint token_payout_distributor_check CHECK ((distributor ~ '^0x[0-9a-f]{40}$'::text)),
  constraint token_payout_entries_check CHECK ((entries > 0)),
  constraint token_payout_entries_hash_check CHECK ((entries_hash ~ '^0x[0-9a-f]{64}$'::text)),
  constraint token_payout_pkey PRIMARY KEY (chain_id, distributor, batch_id),
  constraint token_payout_total_micro_check CHECK ((total_micro > (0)::numeric)),
  constraint token_payout_tx_hash_check CHECK ((tx_hash ~ '^0x[0-9a-f]{64}$'::text))
);

create table public.voice_clip (
  key text not null,
  kind text not null,
  language text not null,
  voice text not null,
  model text not null,
  voice_id text not null,
  message_id text,
  segment integer not null,
  text_version integer not null,
  text text,
  state text not null,
  take integer not null default 0,
  ready_take integer,
  round integer not null default 0,
  queued boolean not null default false,
  attempts integer not null default 0,
  reserved_credits integer not null default 0,
  reserved_day date,
  asked_at timestamp with time zone,
  credits integer not null default 0,
  seconds real,
  bytes integer,
  starts_ms integer[],
  ends_ms integer[],
  error text,
  wanted_at timestamp with time zone not null,
  made_at timestamp with time zone,
  constraint voice_clip_attempts_check CHECK ((attempts >= 0)),
  constraint voice_clip_check CHECK (((kind = 'greeting'::text) = (text IS NULL))),
  constraint voice_clip_check1 CHECK (((reserved_day IS NULL) = (reserved_credits = 0))),
  constraint voice_clip_check2 CHECK (((ready_take IS NULL) = (made_at IS NULL))),
  constraint voice_clip_check3 CHECK (((state <> 'ready'::text) OR ((ready_take = take) AND (seconds IS NOT NULL) AND (bytes IS NOT NULL)))),
  constraint voice_clip_check4 CHECK (((state <> 'failed'::text) OR (error IS NOT NULL))),
  constraint voice_clip_check5 CHECK (((starts_ms IS NULL) = (ends_ms IS NULL))),
  constraint voice_clip_credits_check CHECK ((credits >= 0)),
  constraint voice_clip_key_check CHECK ((key ~ '^[0-9a-f]{64}$'::text)),
  constraint voice_clip_kind_check CHECK ((kind = ANY (ARRAY['body'::text, 'greeting'::text]))),
  constraint voice_clip_pkey PRIMARY KEY (key),
  constraint voice_clip_ready_take_check CHECK ((ready_take >= 0)),
  constraint voice_clip_reserved_credits_check CHECK ((reserved_credits >= 0)),
  constraint voice_clip_round_check CHECK ((round >= 0)),
  constraint voice_clip_segment_check CHECK ((segment >= 0)),
  constraint voice_clip_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'making'::text, 'ready'::text, 'failed'::text, 'purged'::text]))),
  constraint voice_clip_take_check CHECK ((take >= 0)),
  constraint voice_clip_text_version_check CHECK ((text_version > 0))
);

create table public.voice_day (
  day date not null,
  reserved integer not null default 0,
  spent integer not null default 0,
  lost integer not null default 0,
  clips integer not null default 0,
  recovered integer not null default 0,
  constraint voice_day_clips_check CHECK ((clips >= 0)),
  constraint voice_day_lost_check CHECK ((lost >= 0)),
  constraint voice_day_pkey PRIMARY KEY (day),
  constraint voice_day_recovered_check CHECK ((recovered >= 0)),
  constraint voice_day_reserved_check CHECK ((reserved >= 0)),
  constraint voice_day_spent_check CHECK ((spent >= 0))
);

create table public.voice_greeting (
  key text not null,
  member_id text not null,
  constraint voice_greeting_key_fkey FOREIGN KEY (key) REFERENCES public.voice_clip(key) ON DELETE CASCADE,
  constraint voice_greeting_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint voice_greeting_pkey PRIMARY KEY (key, member_id)
);

create table public.voice_listener (
  member_id text not null,
  language text not null,
  voice text not null,
  revision bigint not null default 1,
  constraint voice_listener_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint voice_listener_pkey PRIMARY KEY (member_id),
  constraint voice_listener_revision_check CHECK ((revision > 0))
);

create table public.voice_progress (
  member_id text not null,
  message_id text not null,
  text_version integer not null,
  language text not null,
  voice text not null,
  segment integer not null,
  offset_ms integer not null,
  heard integer[] not null,
  completed_at timestamp with time zone,
  first_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint voice_progress_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint voice_progress_offset_ms_check CHECK ((offset_ms >= 0)),
  constraint voice_progress_pkey PRIMARY KEY (member_id, message_id),
  constraint voice_progress_segment_check CHECK ((segment >= 0)),
  constraint voice_progress_text_version_check CHECK ((text_version > 0))
);

create table public.voice_run (
  id text not null,
  languages text[] not null,
  text_version integer not null,
  requested_by text not null,
  state text not null,
  problem text,
  started_at timestamp with time zone not null,
  done_at timestamp with time zone,
  constraint voice_run_check CHECK (((state = ANY (ARRAY['refused'::text, 'done'::text, 'incomplete'::text])) = (done_at IS NOT NULL))),
  constraint voice_run_check1 CHECK (((state = 'refused'::text) = (problem IS NOT NULL))),
  constraint voice_run_pkey PRIMARY KEY (id),
  constraint voice_run_state_check CHECK ((state = ANY (ARRAY['checking'::text, 'refused'::text, 'running'::text, 'done'::text, 'incomplete'::text]))),
  constraint voice_run_text_version_check CHECK ((text_version > 0))
);

create table public.voice_run_clip (
  run_id text not null,
  key text not null,
  existed boolean not null,
  constraint voice_run_clip_key_fkey FOREIGN KEY (key) REFERENCES public.voice_clip(key) ON DELETE CASCADE,
  constraint voice_run_clip_pkey PRIMARY KEY (run_id, key),
  constraint voice_run_clip_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.voice_run(id) ON DELETE CASCADE
);

create table public.voice_waiting (
  key text not null,
  member_id text not null,
  constraint voice_waiting_key_fkey FOREIGN KEY (key) REFERENCES public.voice_clip(key) ON DELETE CASCADE,
  constraint voice_waiting_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint voice_waiting_pkey PRIMARY KEY (key, member_id)
);

create table public.wallet (
  id text not null,
  member_id text not null,
  chain_id bigint not null,
  address text,
  kind text not null,
  message text,
  signature text,
  replaces text,
  linked_at timestamp with time zone not null,
  usable_from timestamp with time zone not null,
  unlinked_at timestamp with time zone,
  unlinked_because text,
  constraint wallet_address_check CHECK ((address ~ '^0x[0-9a-f]{40}$'::text)),
  constraint wallet_chain_id_check CHECK ((chain_id > 0)),
  constraint wallet_check CHECK ((usable_from >= linked_at)),
  constraint wallet_check1 CHECK (((unlinked_at IS NULL) = (unlinked_because IS NULL))),
  constraint wallet_check2 CHECK ((((address IS NULL) = (message IS NULL)) AND ((address IS NULL) = (signature IS NULL)))),
  constraint wallet_check3 CHECK (((address IS NOT NULL) OR (unlinked_at IS NOT NULL))),
  constraint wallet_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'contract'::text]))),
  constraint wallet_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint wallet_pkey PRIMARY KEY (id),
  constraint wallet_replaces_fkey FOREIGN KEY (replaces) REFERENCES public.wallet(id),
  constraint wallet_signature_check CHECK ((signature ~ '^0x([0-9a-f]{2})*$'::text)),
  constraint wallet_unlinked_because_check CHECK ((unlinked_because = ANY (ARRAY['member'::text, 'replaced'::text, 'cancelled'::text, 'erased'::text])))
);

create table public.wallet_challenge (
  nonce text not null,
  member_id text not null,
  chain_id bigint not null,
  address text not null,
  message text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint wallet_challenge_address_check CHECK ((address ~ '^0x[0-9a-f]{40}$'::text)),
  constraint wallet_challenge_chain_id_check CHECK ((chain_id > 0)),
  constraint wallet_challenge_check CHECK ((expires_at > created_at)),
  constraint wallet_challenge_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id),
  constraint wallet_challenge_nonce_check CHECK ((nonce ~ '^[A-Za-z0-9]{8,}$'::text)),
  constraint wallet_challenge_pkey PRIMARY KEY (nonce)
);

-- Indexes that belong to no constraint

CREATE INDEX entries_account ON ledger.entries USING btree (account_id, "position");

CREATE UNIQUE INDEX transfers_reverses ON ledger.transfers USING btree (reverses) WHERE (reverses IS NOT NULL);

CREATE UNIQUE INDEX alert_open ON public.alert USING btree (kind, subject) WHERE (resolved_at IS NULL);

CREATE INDEX audit_subject ON public.audit_log USING btree (subject, at);

CREATE INDEX balance_movement_at ON public.balance_movement USING btree (at);

CREATE INDEX balance_movement_source ON public.balance_movement USING btree (source_id) WHERE (source_id IS NOT NULL);

CREATE INDEX carrier_plan_grant_line ON public.carrier_plan_grant USING btree (line_id, plan_name);

CREATE INDEX catalog_version_effective ON public.catalog_version USING btree (effective_at DESC, version DESC) WHERE (state = 'published'::text);

CREATE INDEX dispute_closed ON public.dispute USING btree (closed_at) WHERE (closed_at IS NOT NULL);

CREATE INDEX dispute_opened ON public.dispute USING btree (opened_at);

CREATE INDEX distribution_batch_open ON public.distribution_batch USING btree (chain_id, state, id) WHERE (state = ANY (ARRAY['planned'::text, 'signed'::text]));

CREATE INDEX distribution_batch_run ON public.distribution_batch USING btree (run_id, id);

CREATE INDEX distribution_entry_member ON public.distribution_entry USING btree (member_id, batch_id);

CREATE INDEX distribution_run_open ON public.distribution_run USING btree (created_at) WHERE (finished_at IS NULL);

CREATE INDEX distribution_transaction_nonce ON public.distribution_transaction USING btree (chain_id, sender, nonce);

CREATE INDEX idempotency_age ON public.idempotency USING btree (created_at);

CREATE INDEX inbox_open ON public.inbox USING btree (received_at) WHERE (done_at IS NULL);

CREATE INDEX line_member ON public.line USING btree (member_id);

CREATE INDEX member_email ON public.member USING btree (lower(email)) WHERE (email IS NOT NULL);

CREATE INDEX orders_changed ON public.orders USING btree (state_changed_at);

CREATE INDEX orders_charge ON public.orders USING btree (charge_id) WHERE (charge_id IS NOT NULL);

CREATE INDEX orders_deadline ON public.orders USING btree (deadline_at) WHERE (state = ANY (ARRAY['paid'::text, 'provisioning'::text]));

CREATE INDEX orders_expiry ON public.orders USING btree (expires_at) WHERE (state = 'created'::text);

CREATE INDEX orders_member ON public.orders USING btree (member_id, id DESC);

CREATE INDEX orders_paid ON public.orders USING btree (paid_at) WHERE (paid_at IS NOT NULL);

CREATE INDEX orders_subscription ON public.orders USING btree (stripe_subscription_id) WHERE (stripe_subscription_id IS NOT NULL);

CREATE INDEX outbox_dead ON public.outbox USING btree (created_at) WHERE (state = 'dead'::text);

CREATE INDEX outbox_due ON public.outbox USING btree (run_at) WHERE (state = 'pending'::text);

CREATE INDEX plan_change_member ON public.plan_change USING btree (member_id);

CREATE UNIQUE INDEX plan_change_open ON public.plan_change USING btree (subscription_id) WHERE (state = ANY (ARRAY['requested'::text, 'scheduled'::text]));

CREATE INDEX promotion_redemption_person ON public.promotion_redemption USING btree (member_id, code) WHERE (state <> 'released'::text);

CREATE INDEX reconciliation_difference_run ON public.reconciliation_difference USING btree (run_id, id);

CREATE INDEX reconciliation_run_finished ON public.reconciliation_run USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX refund_requested ON public.refund USING btree (requested_at);

CREATE INDEX refund_settled ON public.refund USING btree (settled_at) WHERE (settled_at IS NOT NULL);

CREATE INDEX reward_due ON public.reward USING btree (vests_at, id) WHERE (state = 'pending'::text);

CREATE INDEX reward_free ON public.reward USING btree (member_id, vested_at, id) WHERE (free_wei > (0)::numeric);

CREATE INDEX reward_member ON public.reward USING btree (member_id);

CREATE UNIQUE INDEX reward_one_off ON public.reward USING btree (order_id, kind) WHERE ("position" IS NULL);

CREATE UNIQUE INDEX reward_use_batch ON public.reward_use USING btree (batch_id, reward_id) WHERE (kind = 'payout'::text);

CREATE INDEX reward_use_member ON public.reward_use USING btree (member_id, id);

CREATE UNIQUE INDEX reward_use_order ON public.reward_use USING btree (order_id, reward_id) WHERE (kind = 'credit'::text);

CREATE INDEX reward_use_reward ON public.reward_use USING btree (reward_id);

CREATE INDEX subscription_member ON public.subscription USING btree (member_id);

CREATE INDEX token_payout_newest ON public.token_payout USING btree (chain_id, token, block_number DESC, batch_id DESC);

CREATE INDEX voice_clip_open ON public.voice_clip USING btree (state, wanted_at) WHERE (state = ANY (ARRAY['wanted'::text, 'making'::text, 'failed'::text]));

CREATE INDEX voice_greeting_member ON public.voice_greeting USING btree (member_id);

CREATE INDEX voice_progress_recent ON public.voice_progress USING btree (updated_at);

CREATE INDEX voice_run_clip_key ON public.voice_run_clip USING btree (key);

CREATE INDEX voice_waiting_member ON public.voice_waiting USING btree (member_id);

CREATE INDEX wallet_challenge_member ON public.wallet_challenge USING btree (member_id, created_at);

CREATE UNIQUE INDEX wallet_current_address ON public.wallet USING btree (chain_id, address) WHERE (unlinked_at IS NULL);

CREATE UNIQUE INDEX wallet_current_of_member ON public.wallet USING btree (member_id, chain_id) WHERE (unlinked_at IS NULL);

CREATE INDEX wallet_member ON public.wallet USING btree (member_id, linked_at);

-- Views

create view ledger.balances as
 SELECT code, unit, kind, min_balance,
        CASE kind
            WHEN 'strict'::text THEN balance
            ELSE balance + COALESCE(( SELECT sum(e.amount::numeric) AS sum
               FROM ledger.entries e
              WHERE e.account_id = a.id AND e."position" >= a.folded_below AND e.transfer_id > a.folded_through), 0::numeric)
        END AS balance
   FROM ledger.accounts a;

create view ledger.folds as
 SELECT NULL::boolean AS everything, NULL::bigint AS folded
  WHERE false;

create view ledger.journal as
 SELECT t.id AS transfer_id, t.idempotency_key, t.template, t.event_at, t.created_at, t.reverses, a.code, a.unit,
    e.amount, e.balance_after, t.meta
   FROM ledger.transfers t
     JOIN ledger.entries e ON e.transfer_id = t.id
     JOIN ledger.accounts a ON a.id = e.account_id;

-- Functions

CREATE OR REPLACE FUNCTION ledger.apply_fold()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  oldest_running bigint;
  account record;
  added record;
begin
  new.folded := 0;
  if new.everything then
    -- Nobody may post while all entries, whatever their transaction was called elsewhere, become the new start.
    lock table ledger.entries in share row exclusive mode;
  end if;
  for account in
    select id, folded_below, folded_through from ledger.accounts where kind = 'deferred' order by id for no key update
  loop
    oldest_running := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    if new.everything then
      select coalesce(sum(amount), 0) as amount, count(*) as entries, coalesce(max(transfer_id), 0) as through into added
        from ledger.entries where account_id = account.id;
      update ledger.accounts set balance = added.amount, folded_below = 0, folded_through = added.through where id = account.id;
    else
      select coalesce(sum(amount), 0) as amount, count(*) as entries into added
        from ledger.entries
        where account_id = account.id and position >= account.folded_below and position < oldest_running
          and transfer_id > account.folded_through;
      update ledger.accounts set balance = balance + added.amount, folded_below = oldest_running
        where id = account.id and added.entries > 0;
    end if;
    new.folded := new.folded + added.entries;
  end loop;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION ledger.balance(p_code text)
 RETURNS numeric
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select balance from ledger.balances where code = p_code), 0)
$function$;

CREATE OR REPLACE FUNCTION ledger.carry_out()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  -- Two sorted legs of one unit that sum to zero, which is nearly every posting, are seen to be right at once.
  plain constant boolean := cardinality(new.codes) = 2 and cardinality(new.units) = 2 and cardinality(new.amounts) = 2
    and new.codes[1] < new.codes[2] collate "C" and new.units[1] = new.units[2] and new.amounts[1] + new.amounts[2] = 0;
  strict_legs bigint;
  deferred_legs bigint;
begin
  if plain and starts_with(new.codes[2], 'platform/') and not starts_with(new.codes[1], 'platform/') then
    with moved as (
      update ledger.accounts as a set balance = a.balance + new.amounts[1], version = a.version + 1
        where a.code = new.codes[1] and a.kind = 'strict' and a.unit = new.units[1]
        returning a.id, a.balance, a.version, a.min_balance
    )
    insert into ledger.entries (transfer_id, account_id, amount, balance_after, position)
      select new.id, m.id, new.amounts[1], m.balance, m.version from moved as m
      where m.balance >= m.min_balance or new.amounts[1] > 0 or m.min_balance is null
      union all
      select new.id, a.id, new.amounts[2], null, pg_current_xact_id()::text::bigint from ledger.accounts as a
      where a.code = new.codes[2] and a.kind = 'deferred' and a.unit = new.units[2]
        and a.folded_below <= pg_current_xact_id()::text::bigint;
    get diagnostics strict_legs = row_count;
    if strict_legs < 2 then
      perform ledger.carry_out_rest(new.id, new.codes, new.units, new.amounts);
    end if;
    return null;
  end if;
  if plain is not true then
    perform ledger.refuse_misshapen(new.codes, new.units, new.amounts);
  end if;
  with moved as (
    update ledger.accounts as a
      set balance = a.balance + new.amounts[array_position(new.codes, a.code::text)], version = a.version + 1
      where a.code = any (new.codes) and a.kind = 'strict' and a.unit = new.units[array_position(new.codes, a.code::text)]
      returning a.id, new.amounts[array_position(new.codes, a.code::text)] as amount, a.balance, a.version, a.min_balance
  )
  insert into ledger.entries (transfer_id, account_id, amount, balance_after, position)
    select new.id, m.id, m.amount, m.balance, m.version from moved as m
    where m.balance >= m.min_balance or m.amount > 0 or m.min_balance is null;
  get diagnostics strict_legs = row_count;
  if strict_legs < cardinality(new.codes) then
    insert into ledger.entries (transfer_id, account_id, amount, position)
      select new.id, a.id, new.amounts[array_position(new.codes, a.code::text)], pg_current_xact_id()::text::bigint
      from ledger.accounts as a
      where a.code = any (new.codes) and a.kind = 'deferred' and a.unit = new.units[array_position(new.codes, a.code::text)]
        and a.folded_below <= pg_current_xact_id()::text::bigint;
    get diagnostics deferred_legs = row_count;
    if strict_legs + deferred_legs < cardinality(new.codes) then
      perform ledger.carry_out_rest(new.id, new.codes, new.units, new.amounts);
    end if;
  end if;
  if plain is not true then
    perform ledger.refuse_unbalanced(new.units, new.amounts);
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION ledger.carry_out_rest(p_transfer_id bigint, p_codes text[], p_units text[], p_amounts numeric[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  account ledger.accounts;
  own_transaction constant bigint := pg_current_xact_id()::text::bigint;
begin
  for leg in 1 .. cardinality(p_codes) loop
    continue when exists (
      select from ledger.entries as e join ledger.accounts as a on a.id = e.account_id
      where e.transfer_id = p_transfer_id and a.code = p_codes[leg]);
    perform ledger.open_account(p_codes[leg], p_units[leg]);
    select * into account from ledger.accounts as a where a.code = p_codes[leg];
    if account.unit is distinct from p_units[leg] then
      raise exception 'account % counts %, not %', p_codes[leg], account.unit, p_units[leg] using errcode = 'LG003';
    elsif account.folded_below > own_transaction then
      raise exception 'this database was restored from a logical dump: run select ledger.refold() once' using errcode = 'LG006';
    end if;
    -- A leg that its account refused has moved the balance already: it is below the minimum before anything is added here.
    if account.kind = 'strict' and (account.balance < account.min_balance and p_amounts[leg] < 0) is not true then
      update ledger.accounts as a set balance = a.balance + p_amounts[leg], version = a.version + 1 where a.id = account.id
        returning * into account;
    end if;
    if account.balance < account.min_balance and p_amounts[leg] < 0 then
      raise exception 'account % would fall to %, below its minimum %', p_codes[leg], account.balance, account.min_balance
        using errcode = 'LG001';
    end if;
    insert into ledger.entries (transfer_id, account_id, amount, balance_after, position)
      values (p_transfer_id, account.id, p_amounts[leg], case account.kind when 'strict' then account.balance end,
        case account.kind when 'strict' then account.version else own_transaction end);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION ledger.fold()
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  count bigint;
begin
  insert into ledger.folds (everything) values (false) returning folded into count;
  return count;
end $function$;

CREATE OR REPLACE FUNCTION ledger.guard_account()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  counted_as text;
begin
  if new.code not like '%/' || split_part(new.unit, '/', 1) then
    raise exception 'account % cannot count %', new.code, new.unit using errcode = 'LG003';
  elsif (new.kind = 'deferred') <> starts_with(new.code, 'platform/') or new.kind = 'deferred' and new.min_balance is not null then
    raise exception 'account % cannot be % with minimum %: platform/ accounts are deferred and have none, others are strict', new.code,
      new.kind, new.min_balance using errcode = 'LG003';
  elsif tg_op = 'INSERT' and (new.balance, new.version, new.folded_below, new.folded_through) <> (0, 0, 0, 0) then
    raise exception 'account % must start empty', new.code using errcode = 'LG003';
  end if;
  if tg_op = 'INSERT' then
    select unit into counted_as from ledger.units where name = split_part(new.unit, '/', 1);
    if not found then
      -- Two first accounts of a currency at once: the second waits here for the first, then reads what it decided.
      insert into ledger.units (name, unit) values (split_part(new.unit, '/', 1), new.unit) on conflict (name) do nothing;
      select unit into counted_as from ledger.units where name = split_part(new.unit, '/', 1);
    end if;
    if counted_as <> new.unit then
      raise exception 'account % cannot count %: this ledger counts %', new.code, new.unit, counted_as using errcode = 'LG003';
    end if;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION ledger.open_account(p_code text, p_unit text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  insert into ledger.accounts (code, unit, kind, min_balance)
  select p_code, p_unit, kind, case kind when 'strict' then 0 end
  from (select case when starts_with(p_code, 'platform/') then 'deferred' else 'strict' end) as rule (kind)
  on conflict (code) do nothing
$function$;

CREATE OR REPLACE FUNCTION ledger.post(p_key text, p_template text, p_event_at timestamp with time zone, p_codes text[], p_units text[], p_amounts numeric[], p_meta jsonb DEFAULT '{}'::jsonb, OUT transfer_id bigint, OUT replayed boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into ledger.transfers as t (idempotency_key, template, event_at, codes, units, amounts, meta)
    values (p_key, p_template, p_event_at, p_codes, p_units, p_amounts, p_meta)
    on conflict (idempotency_key) do nothing
    returning t.id, false into transfer_id, replayed;
  if transfer_id is null then
    transfer_id := ledger.replay(p_key, p_template, p_codes, p_units, p_amounts, p_meta, null);
    replayed := true;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.refold()
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  count bigint;
begin
  insert into ledger.folds (everything) values (true) returning folded into count;
  return count;
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% on ledger.% refused: history does not change and rows come from ledger.post only; post a correction', tg_op, tg_table_name
    using errcode = 'LG004';
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_direct_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if pg_trigger_depth() = 1 then
    raise exception '% on ledger.% refused: history does not change and rows come from ledger.post only; post a correction', tg_op, tg_table_name
      using errcode = 'LG004';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_misshapen(p_codes text[], p_units text[], p_amounts numeric[])
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  if (cardinality(p_codes) >= 2 and cardinality(p_units) = cardinality(p_codes) and cardinality(p_amounts) = cardinality(p_codes)) is not true then
    raise exception 'a posting has two legs or more, each with account, unit and amount; got % accounts', cardinality(p_codes)
      using errcode = 'LG003';
  end if;
  for leg in 2 .. cardinality(p_codes) loop
    if p_codes[leg] <= p_codes[leg - 1] collate "C" then
      raise exception 'legs must be sorted by account and name each once: % follows %', p_codes[leg], p_codes[leg - 1] using errcode = 'LG003';
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_unbalanced(p_units text[], p_amounts numeric[])
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare
  off text;
begin
  select string_agg(format('%s %s', total, unit), ', ' order by unit) into off
    from (select unit, sum(amount) as total from unnest(p_units, p_amounts) as leg (unit, amount) group by unit) as sums
    where total is distinct from 0;
  if off is not null then
    raise exception 'the legs do not sum to zero: %', off using errcode = 'LG003';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.replay(p_key text, p_template text, p_codes text[], p_units text[], p_amounts numeric[], p_meta jsonb, p_reverses bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  earlier record;
begin
  select t.id, (t.template::text, t.codes, t.units, t.amounts, t.meta::jsonb, t.reverses)
      is not distinct from (p_template, p_codes, p_units, p_amounts, p_meta, p_reverses) as same
    into strict earlier from ledger.transfers as t where t.idempotency_key = p_key;
  if not earlier.same then
    raise exception 'key % belongs to another posting, transfer %', p_key, earlier.id using errcode = 'LG002';
  end if;
  return earlier.id;
end $function$;

CREATE OR REPLACE FUNCTION ledger.reverse(p_transfer_id bigint, p_key text, p_event_at timestamp with time zone, p_meta jsonb DEFAULT '{}'::jsonb, OUT transfer_id bigint, OUT replayed boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  opposite record;
begin
  select t.template || '.reversed' as template, array_agg(a.code::text order by a.code) as codes,
      array_agg(a.unit::text order by a.code) as units, array_agg(-e.amount::numeric order by a.code) as amounts
    into opposite
    from ledger.transfers as t
    join ledger.entries as e on e.transfer_id = t.id
    join ledger.accounts as a on a.id = e.account_id
    where t.id = p_transfer_id and t.reverses is null
    group by t.id;
  if not found then
    raise exception 'transfer % does not exist or is itself a reversal', p_transfer_id using errcode = 'LG005';
  end if;
  insert into ledger.transfers as t (idempotency_key, template, event_at, codes, units, amounts, meta, reverses)
    values (p_key, opposite.template, p_event_at, opposite.codes, opposite.units, opposite.amounts, p_meta, p_transfer_id)
    on conflict (idempotency_key) do nothing
    returning t.id, false into transfer_id, replayed;
  if transfer_id is null then
    transfer_id := ledger.replay(p_key, opposite.template, opposite.codes, opposite.units, opposite.amounts, p_meta, p_transfer_id);
    replayed := true;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.verify()
 RETURNS TABLE(problem text, subject text)
 LANGUAGE sql
 STABLE
AS $function$
  select 'transfer does not sum to zero in ' || a.unit, e.transfer_id::text
    from ledger.entries as e join ledger.accounts as a on a.id = e.account_id
    group by e.transfer_id, a.unit having sum(e.amount) <> 0
  union all
  select 'transfer without entries', t.id::text
    from ledger.transfers as t where not exists (select from ledger.entries as e where e.transfer_id = t.id)
  union all
  select 'entry without transfer or account', e.transfer_id::text
    from ledger.entries as e left join ledger.transfers as t on t.id = e.transfer_id
    left join ledger.accounts as a on a.id = e.account_id where t.id is null or a.id is null
  union all
  select 'balance differs from entries', b.code
    from ledger.balances as b join ledger.accounts as a on a.code = b.code
    left join (select account_id, sum(amount) as total from ledger.entries group by account_id) as s on s.account_id = a.id
    where b.balance <> coalesce(s.total, 0)
  union all
  select 'history has a gap', a.code
    from ledger.accounts as a
    left join (select account_id, count(distinct position) as entries, max(position) as last from ledger.entries group by account_id) as s
      on s.account_id = a.id
    where a.kind = 'strict' and (a.version <> coalesce(s.entries, 0) or a.version <> coalesce(s.last, 0))
  union all
  select 'balance below its minimum', a.code from ledger.accounts as a where a.balance < a.min_balance
$function$;

CREATE OR REPLACE FUNCTION public.guard_catalog_part()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from catalog_version where version = new.version and state = 'draft') then
    raise exception 'version % of the catalogue is published: nothing is added to it', new.version using errcode = '42501';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.guard_catalog_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state = 'published' then
    raise exception 'version % of the catalogue is published: it does not change; publish another', old.version using errcode = '42501';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_reward_statement()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or old.published_at is not null
    or (old.date, old.taken_at, old.chain_id, old.token, old.distributor, old.root, old.leaves, old.pending_wei, old.vested_wei, old.reserved_wei)
      is distinct from (new.date, new.taken_at, new.chain_id, new.token, new.distributor, new.root, new.leaves, new.pending_wei, new.vested_wei, new.reserved_wei)
    or (old.block_number is not null and (old.block_number, old.block_hash, old.supply_wei, old.cap_wei)
      is distinct from (new.block_number, new.block_hash, new.supply_wei, new.cap_wei))
  then
    raise exception 'the statement of % stays as it was made', old.date using errcode = 'LG004';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $function$;

-- Triggers

CREATE TRIGGER guard_account BEFORE INSERT OR UPDATE OF min_balance ON ledger.accounts FOR EACH ROW EXECUTE FUNCTION ledger.guard_account();

CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON ledger.accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER never_renamed BEFORE UPDATE OF id, code, unit, kind, created_at ON ledger.accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER only_by_posting BEFORE UPDATE OF balance, version, folded_below, folded_through ON ledger.accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_direct_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER only_by_posting BEFORE INSERT ON ledger.entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_direct_change();

CREATE TRIGGER apply_fold INSTEAD OF INSERT ON ledger.folds FOR EACH ROW EXECUTE FUNCTION ledger.apply_fold();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.transfers FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER carry_out AFTER INSERT ON ledger.transfers FOR EACH ROW EXECUTE FUNCTION ledger.carry_out();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.units FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER balance_movement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.balance_movement FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.bundle FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER only_in_a_draft BEFORE INSERT ON public.bundle FOR EACH ROW EXECUTE FUNCTION public.guard_catalog_part();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.catalog_currency FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER only_in_a_draft BEFORE INSERT ON public.catalog_currency FOR EACH ROW EXECUTE FUNCTION public.guard_catalog_part();

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.catalog_version FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER published_is_final BEFORE DELETE OR UPDATE ON public.catalog_version FOR EACH ROW EXECUTE FUNCTION public.guard_catalog_version();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.member_discount FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER only_in_a_draft BEFORE INSERT ON public.member_discount FOR EACH ROW EXECUTE FUNCTION public.guard_catalog_part();

CREATE TRIGGER order_event_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.price FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER only_in_a_draft BEFORE INSERT ON public.price FOR EACH ROW EXECUTE FUNCTION public.guard_catalog_part();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.product FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER only_in_a_draft BEFORE INSERT ON public.product FOR EACH ROW EXECUTE FUNCTION public.guard_catalog_part();

CREATE TRIGGER keeps BEFORE DELETE OR UPDATE ON public.reward_statement FOR EACH ROW EXECUTE FUNCTION public.keep_reward_statement();

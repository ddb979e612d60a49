-- Rewards from promise to wallet: kinds, the daily cap, vesting, what a reward was used for, and one-off rewards once per person.
-- Reasons: docs/adr/0017-rewards.md.

alter table reward
  add column kind text not null default 'purchase' check (kind in ('purchase', 'new_member', 'founding_member')),
  -- What the arithmetic gives. amount_wei is what the daily cap left of it.
  add column earned_wei numeric(38, 0),
  -- DOTM for one whole unit of the currency, as the decimal of the order's catalogue; null for a one-off.
  add column rate text,
  add column vested_at timestamptz,
  -- Sum of its uses less what came back of them; the rows are in reward_use.
  add column used_wei numeric(38, 0) not null default 0,
  -- The part of reversed_wei that was in use already when it was taken back, and became a note instead.
  add column noted_wei numeric(38, 0) not null default 0,
  alter column position drop not null;

update reward set earned_wei = amount_wei, vested_at = case when state = 'pending' then null else vests_at end,
  rate = (select c.reward_rate from orders o join catalog_currency c on c.version = o.catalog_version and c.code = reward.currency
          where o.id = reward.order_id);

alter table reward
  alter column kind drop default,
  alter column earned_wei set not null,
  -- What the member may use today. Also of a reward that was reversed in full: a use of it may have come back since.
  add column free_wei numeric(38, 0) not null
    generated always as (case when state = 'pending' then 0 else amount_wei - used_wei - (reversed_wei - noted_wei) end) stored,
  add constraint reward_position check ((position is null) = (kind <> 'purchase')),
  add constraint reward_cap check (amount_wei <= earned_wei),
  add constraint reward_parts check (noted_wei between 0 and reversed_wei and used_wei between 0 and amount_wei
    and used_wei + reversed_wei - noted_wei <= amount_wei),
  add constraint reward_pending check (state <> 'pending' or (used_wei = 0 and noted_wei = 0 and vested_at is null)),
  add constraint reward_vested check (state <> 'vested' or vested_at is not null);

-- Each order brings a one-off once, whatever is tried again.
create unique index reward_one_off on reward (order_id, kind) where position is null;
-- What the sweep takes, in the order in which it fell due.
create index reward_due on reward (vests_at, id) where state = 'pending';
-- What a payout or an order takes, oldest first.
create index reward_free on reward (member_id, vested_at, id) where free_wei > 0;

-- What went out of a vested reward: to a wallet, into an order, against a note, or back to the promise when its account was erased. 'held'
-- is on its way: reserved in the ledger. A use that came to nothing is final with all of it returned.
create table reward_use (
  id text primary key,
  reward_id text not null references reward,
  member_id text not null references member,
  kind text not null check (kind in ('payout', 'credit', 'set_off', 'lapse')),
  -- Of a payout, the batch on chain.
  batch_id bigint,
  -- Of credit, the order that it paid for.
  order_id text references orders,
  amount_wei numeric(38, 0) not null check (amount_wei > 0),
  returned_wei numeric(38, 0) not null default 0 check (returned_wei between 0 and amount_wei),
  state text not null check (state in ('held', 'final')),
  made_at timestamptz not null,
  settled_at timestamptz,
  check ((kind = 'payout') = (batch_id is not null)),
  check ((kind = 'credit') = (order_id is not null)),
  check (kind in ('payout', 'credit') or state = 'final'),
  check ((state = 'final') = (settled_at is not null)),
  check (state = 'final' or returned_wei = 0)
);
create index reward_use_reward on reward_use (reward_id);
create index reward_use_member on reward_use (member_id, id);
create unique index reward_use_batch on reward_use (batch_id, reward_id) where kind = 'payout';
create unique index reward_use_order on reward_use (order_id, reward_id) where kind = 'credit';

-- One-off rewards, once per person and once per account. A person is the keyed hash of the verified e-mail address: it outlives the
-- account, so that deleting it and signing up again earns nothing twice. A reversal in full deletes the row.
create table reward_grant (
  kind text not null check (kind in ('new_member', 'founding_member')),
  person text not null check (person ~ '^[0-9a-f]{64}$'),
  member_id text not null references member,
  reward_id text not null unique references reward,
  granted_at timestamptz not null,
  primary key (kind, person),
  unique (kind, member_id)
);

-- Tokens that have left the promise: paid out on chain, or spent as credit at checkout.
select ledger.open_account(format('platform/%s/DOTM', name), 'DOTM/18') from (values ('rewards_paid'), ('rewards_spent')) as chart (name);

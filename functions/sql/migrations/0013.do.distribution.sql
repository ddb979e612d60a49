-- Rewards on their way to the chain: runs, batches, their entries, and every transaction that was ever signed for them.
-- Reasons: docs/adr/0018-distribution.md.

-- One payment round. A run is planned whole before anything of it is signed.
create table distribution_run (
  id text primary key,
  -- The day for the scheduled one, else what the caller sent: the same request twice is one run.
  key text not null unique,
  -- awaiting_approval: also while it is being planned. failed: it was planned and can't be paid as it is.
  state text not null check (state in ('awaiting_approval', 'sending', 'done', 'rejected', 'failed')),
  chain_id bigint not null check (chain_id > 0),
  distributor text not null check (distributor ~ '^0x[0-9a-f]{40}$'),
  -- 'schedule', or the member id of an operator.
  requested_by text not null,
  total_micro bigint not null default 0 check (total_micro >= 0),
  recipients integer not null default 0 check (recipients >= 0),
  batches integer not null default 0 check (batches >= 0),
  -- The last member that planning has looked at: a crash goes on behind it.
  planned_through text not null default '',
  -- What was checked last before signing, and who was left out when it was planned.
  checks jsonb not null default '{}' check (jsonb_typeof(checks) = 'object'),
  -- 'policy' below the amount that needs approval, else the member id of an operator; also of who rejected it.
  approved_by text,
  approved_at timestamptz,
  created_at timestamptz not null,
  planned_at timestamptz,
  finished_at timestamptz,
  note text,
  check (state <> 'sending' or (planned_at is not null and approved_at is not null)),
  check ((state in ('done', 'rejected', 'failed')) = (finished_at is not null)),
  check ((approved_by is null) = (approved_at is null))
);
create index distribution_run_open on distribution_run (created_at) where finished_at is null;

-- The number of a batch on chain, in one sequence over all runs and distributors: 256 neighbours share a slot of the contract.
create sequence distribution_batch_id as bigint minvalue 0 start 0;

create table distribution_batch (
  id bigint primary key default nextval('distribution_batch_id'),
  run_id text not null references distribution_run,
  chain_id bigint not null check (chain_id > 0),
  distributor text not null check (distributor ~ '^0x[0-9a-f]{40}$'),
  entries integer not null check (entries between 1 and 500),
  total_micro bigint not null check (total_micro > 0),
  -- The entries as the contract takes them, a word of 32 bytes for each, and their hash: with the id, the proof of payment.
  words text not null check (words ~ '^0x([0-9a-f]{64})+$'),
  entries_hash text not null check (entries_hash ~ '^0x[0-9a-f]{64}$'),
  -- Nothing of ours can have paid it in an earlier block.
  from_block bigint not null check (from_block >= 0),
  -- Counts the nonces that it was given: the next one when its own was spent without paying it.
  generation integer not null default 0 check (generation >= 0),
  -- signed: it has a nonce; its bytes are stored before anybody sees them. conflict: the chain tells otherwise, a person must look.
  -- released: never signed, and what it held is its members' again.
  state text not null check (state in ('planned', 'signed', 'confirmed', 'conflict', 'released')),
  tx_hash text check (tx_hash ~ '^0x[0-9a-f]{64}$'),
  block_number bigint,
  block_hash text,
  block_at timestamptz,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  check ((state = 'confirmed') = (confirmed_at is not null)),
  check (state <> 'confirmed' or (tx_hash is not null and block_number is not null and block_hash is not null and block_at is not null))
);
alter sequence distribution_batch_id owned by distribution_batch.id;
create index distribution_batch_run on distribution_batch (run_id, id);
create index distribution_batch_open on distribution_batch (chain_id, state, id) where state in ('planned', 'signed');

-- What each member gets in a batch.
create table distribution_entry (
  batch_id bigint not null references distribution_batch,
  position integer not null check (position >= 0),
  member_id text not null references member,
  address text not null check (address ~ '^0x[0-9a-f]{40}$' and address <> '0x0000000000000000000000000000000000000000'),
  amount_micro bigint not null check (amount_micro > 0),
  primary key (batch_id, position),
  unique (batch_id, member_id),
  unique (batch_id, address)
);
create index distribution_entry_member on distribution_entry (member_id, batch_id);

-- Every nonce that was taken and every transaction that was signed. The row is there before its bytes, and the bytes before anybody
-- outside sees them: what may be on the wire is always known.
create table distribution_transaction (
  batch_id bigint not null references distribution_batch,
  generation integer not null check (generation >= 0),
  -- 0 for the first; each later one has the same nonce and offers more for gas.
  attempt integer not null check (attempt >= 0),
  chain_id bigint not null check (chain_id > 0),
  sender text not null check (sender ~ '^0x[0-9a-f]{40}$'),
  nonce bigint not null check (nonce >= 0),
  hash text unique check (hash ~ '^0x[0-9a-f]{64}$'),
  raw text check (raw ~ '^0x([0-9a-f]{2})+$'),
  max_fee_wei numeric(38, 0),
  tip_wei numeric(38, 0),
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (batch_id, generation, attempt),
  check ((raw is null) = (hash is null) and (raw is null) = (max_fee_wei is null) and (raw is null) = (tip_wei is null)),
  check (raw is not null or (attempt = 0 and sent_at is null))
);
-- Two batches may have had the same nonce one after the other, never two of one generation.
create index distribution_transaction_nonce on distribution_transaction (chain_id, sender, nonce);

-- Whoever gives out a nonce holds this row.
create table chain_signer (
  chain_id bigint not null check (chain_id > 0),
  address text not null check (address ~ '^0x[0-9a-f]{40}$'),
  next_nonce bigint not null check (next_nonce >= 0),
  primary key (chain_id, address)
);

alter table reward_use add constraint reward_use_batch_id foreign key (batch_id) references distribution_batch;

-- The daily statement of what is owed in rewards, with what proves each member's part of it; and what the chain tells about the token.
-- Reasons: docs/adr/0020-proof-of-liabilities.md.

-- One for each UTC day, made in three steps that each are written before the next: balances counted, chain read, signed. Kept for ever.
create table reward_statement (
  date date primary key,
  taken_at timestamptz not null,
  chain_id bigint not null check (chain_id > 0),
  token text not null check (token ~ '^0x[0-9a-f]{40}$'),
  distributor text not null check (distributor ~ '^0x[0-9a-f]{40}$'),
  root bytea not null check (length(root) = 32),
  leaves integer not null check (leaves >= 0),
  pending_wei numeric(38, 0) not null check (pending_wei >= 0),
  vested_wei numeric(38, 0) not null check (vested_wei >= 0),
  reserved_wei numeric(38, 0) not null check (reserved_wei >= 0),
  block_number bigint check (block_number >= 0),
  block_hash text check (block_hash ~ '^0x[0-9a-f]{64}$'),
  supply_wei numeric(38, 0) check (supply_wei >= 0),
  cap_wei numeric(38, 0) check (cap_wei >= supply_wei),
  signer text check (signer ~ '^0x[0-9a-f]{40}$'),
  signature text check (signature ~ '^0x[0-9a-f]{130}$'),
  published_at timestamptz,
  check (date = (taken_at at time zone 'UTC')::date),
  check (num_nulls(block_number, block_hash, supply_wei, cap_wei) in (0, 4)),
  check (num_nulls(signer, signature, published_at) in (0, 3)),
  check (published_at is null or block_number is not null)
);

-- What was counted and what was read stays as it is; what is published stays altogether: nobody can be shown two statements for a day.
create function keep_reward_statement() returns trigger language plpgsql as $$
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
end $$;
create trigger keeps before update or delete on reward_statement for each row execute function keep_reward_statement();
revoke all on function keep_reward_statement() from public;

-- The leaves of a day, in the order of its tree. Deleted after ninety days; a proof can be had as long.
create table reward_leaf (
  date date not null references reward_statement,
  position integer not null check (position >= 0),
  member_id text not null references member,
  salt bytea not null check (length(salt) = 32),
  hash bytea not null check (length(hash) = 32),
  pending_wei numeric(38, 0) not null check (pending_wei >= 0),
  vested_wei numeric(38, 0) not null check (vested_wei >= 0),
  reserved_wei numeric(38, 0) not null check (reserved_wei >= 0),
  primary key (date, position),
  unique (date, member_id)
);

-- The level of the tree that stands on runs of 256 leaves: a proof is made from one run and this, not from all leaves.
create table reward_node (
  date date not null references reward_statement,
  position integer not null check (position >= 0),
  hash bytea not null check (length(hash) = 32),
  sum_wei numeric(38, 0) not null check (sum_wei >= 0),
  primary key (date, position)
);

-- How far the chain was read, and what it said there. Everything up to the block before next_block is in the two tables below.
create table chain_cursor (
  chain_id bigint not null check (chain_id > 0),
  token text not null check (token ~ '^0x[0-9a-f]{40}$'),
  next_block bigint not null check (next_block >= 0),
  -- The hash of the last block that was read; another one later means that the chain took back what was settled. Null before the first.
  block_hash text check (block_hash ~ '^0x[0-9a-f]{64}$'),
  block_at timestamptz,
  minted_wei numeric(38, 0) not null default 0 check (minted_wei >= 0),
  holders integer not null default 0 check (holders >= 0),
  cap_wei numeric(38, 0),
  -- When all settled blocks had been read, and the token's own supply was what the holders have.
  agreed_at timestamptz,
  primary key (chain_id, token)
);

create table token_holder (
  chain_id bigint not null,
  token text not null,
  address text not null check (address ~ '^0x[0-9a-f]{40}$'),
  balance_wei numeric(38, 0) not null check (balance_wei >= 0),
  primary key (chain_id, token, address),
  foreign key (chain_id, token) references chain_cursor
);

-- Batches that the chain says were paid. ours: we planned this batch with these entries.
create table token_payout (
  chain_id bigint not null,
  token text not null,
  distributor text not null check (distributor ~ '^0x[0-9a-f]{40}$'),
  batch_id numeric(78, 0) not null check (batch_id >= 0),
  entries integer not null check (entries > 0),
  entries_hash text not null check (entries_hash ~ '^0x[0-9a-f]{64}$'),
  total_micro numeric(38, 0) not null check (total_micro > 0),
  block_number bigint not null,
  block_at timestamptz not null,
  tx_hash text not null check (tx_hash ~ '^0x[0-9a-f]{64}$'),
  ours boolean not null,
  primary key (chain_id, distributor, batch_id),
  foreign key (chain_id, token) references chain_cursor
);
create index token_payout_newest on token_payout (chain_id, token, block_number desc, batch_id desc);

-- Wallets that members have proved to be theirs, and the messages that they are asked to sign. Reasons: docs/adr/0019-wallets.md.

create table wallet (
  id text primary key,
  member_id text not null references member,
  chain_id bigint not null check (chain_id > 0),
  -- In lower case, so that one address has one spelling; null only once the member's data are erased.
  address text check (address ~ '^0x[0-9a-f]{40}$'),
  -- account: a key signed; contract: code on the chain said that the signature is good (EIP-1271).
  kind text not null check (kind in ('account', 'contract')),
  -- What proved it, word for word.
  message text,
  signature text check (signature ~ '^0x([0-9a-f]{2})*$'),
  -- Where this one came in place of another: the last one that rewards could go to, which comes back when the change is stopped.
  replaces text references wallet,
  linked_at timestamptz not null,
  -- The first at once, a later one after the cooling-off time: no reward goes to it before.
  usable_from timestamptz not null,
  -- Null while it is the member's current one.
  unlinked_at timestamptz,
  unlinked_because text check (unlinked_because in ('member', 'replaced', 'cancelled', 'erased')),
  check (usable_from >= linked_at),
  check ((unlinked_at is null) = (unlinked_because is null)),
  check ((address is null) = (message is null) and (address is null) = (signature is null)),
  check (address is not null or unlinked_at is not null)
);
create unique index wallet_current_of_member on wallet (member_id, chain_id) where unlinked_at is null;
create unique index wallet_current_address on wallet (chain_id, address) where unlinked_at is null;
create index wallet_member on wallet (member_id, linked_at);

-- A message that was handed out to be signed. The text is kept because the signature is checked over it, never over one that a
-- client sends.
create table wallet_challenge (
  nonce text primary key check (nonce ~ '^[A-Za-z0-9]{8,}$'),
  member_id text not null references member,
  chain_id bigint not null check (chain_id > 0),
  address text not null check (address ~ '^0x[0-9a-f]{40}$'),
  message text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  used_at timestamptz
);
create index wallet_challenge_member on wallet_challenge (member_id, created_at);

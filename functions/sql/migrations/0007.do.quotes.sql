-- Promotions, and what a discount took off each line of an order. Quotes themselves are signed tokens and have no table.
-- Reasons: docs/adr/0013-quotes.md.

create table promotion (
  -- In capital letters, however people type it.
  code text primary key check (code ~ '^[A-Z0-9-]{3,32}$'),
  -- Null where it takes amounts off: these are in promotion_amount.
  basis_points integer check (basis_points between 1 and 10000),
  -- Null takes it off everything.
  product_ids text[] check (cardinality(product_ids) > 0),
  starts_at timestamptz not null,
  ends_at timestamptz check (ends_at > starts_at),
  -- When an operator stopped it: unlike its planned end, that also stops quotes that were given before.
  ended_at timestamptz,
  max_redemptions integer check (max_redemptions > 0),
  max_per_person integer check (max_per_person > 0),
  -- Redemptions that are reserved or redeemed. Counted here and not from their rows, so that the last one is taken under one row lock.
  taken integer not null default 0 check (taken >= 0),
  note text not null,
  created_at timestamptz not null,
  created_by text not null,
  check (max_redemptions is null or taken <= max_redemptions)
);

create table promotion_amount (
  code text not null references promotion,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor > 0),
  primary key (code, currency)
);

-- Taken with the order, kept when it is paid, given back when the order expires or its money goes back undelivered.
create table promotion_redemption (
  order_id text primary key references orders,
  code text not null references promotion,
  member_id text not null references member,
  state text not null check (state in ('reserved', 'redeemed', 'released')),
  reserved_at timestamptz not null,
  settled_at timestamptz check (state = 'reserved' or settled_at is not null)
);
create index promotion_redemption_person on promotion_redemption (member_id, code) where state <> 'released';

-- What is taken off the list price (unit x quantity) now, and at each renewal.
alter table order_item
  add column discount_minor bigint not null default 0,
  add column renewal_discount_minor bigint not null default 0,
  add check (discount_minor between 0 and unit_minor * quantity),
  add check (renewal_discount_minor between 0 and unit_minor * quantity);

-- Why it is taken off: a bundle's or member discount's id, or a promotion's code; null basis points for a fixed amount.
alter table orders
  add column discount_kind text check (discount_kind in ('bundle', 'member', 'promotion')),
  add column discount_id text,
  add column discount_basis_points integer,
  add column renewal_discount_kind text check (renewal_discount_kind in ('bundle', 'member')),
  add column renewal_discount_id text,
  add column renewal_discount_basis_points integer,
  -- When the quote was given that the order was placed with; null for one placed at the day's price.
  add column quoted_at timestamptz,
  add check ((discount_kind is null) = (discount_id is null)),
  add check ((renewal_discount_kind is null) = (renewal_discount_id is null));

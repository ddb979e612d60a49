-- The least that a posting can be and still be one: a key that is taken once, a transfer, two entries, two balances under row locks.
-- Nothing is checked. What this does in a second is the limit of the machine.
create schema bench;

create table bench.accounts (id bigint primary key, balance bigint not null) with (fillfactor = 50);
create table bench.transfers (id bigint generated always as identity primary key, key text not null unique);
create table bench.entries (
  transfer_id bigint not null, account_id bigint not null, amount bigint not null, primary key (transfer_id, account_id)
);
insert into bench.accounts select id, 0 from generate_series(1, 10000) as id;

create function bench.post(p_key text, p_from bigint, p_to bigint, p_amount bigint) returns void language plpgsql as $$
declare
  transfer bigint;
begin
  insert into bench.transfers (key) values (p_key) returning id into transfer;
  update bench.accounts set balance = balance - p_amount where id = p_from;
  update bench.accounts set balance = balance + p_amount where id = p_to;
  insert into bench.entries values (transfer, p_from, -p_amount), (transfer, p_to, p_amount);
end $$;

-- The same in one statement, which a function in plain SQL needs: the accounts of one posting are few and named in order.
create function bench.post_in_sql(p_key text, p_from bigint, p_to bigint, p_amount bigint) returns void language sql as $$
  with taken as (insert into bench.transfers (key) values (p_key) returning id),
    given as (update bench.accounts set balance = balance - p_amount where id = p_from),
    got as (update bench.accounts set balance = balance + p_amount where id = p_to)
  insert into bench.entries select id, account, amount from taken, (values (p_from, -p_amount), (p_to, p_amount)) as legs (account, amount)
$$;

-- The same for many postings at once: each argument holds one item per posting.
create function bench.post_batch(p_keys text[], p_from bigint[], p_to bigint[], p_amounts bigint[]) returns void language sql as $$
  with posting as materialized (select * from unnest(p_keys, p_from, p_to, p_amounts) as p (key, source, target, amount)),
    taken as (insert into bench.transfers (key) select key from posting returning id, key),
    legs as materialized (
      select taken.id, leg.account, leg.amount from taken join posting using (key)
      cross join lateral (values (source, -amount), (target, amount)) as leg (account, amount)
    ),
    moved as (
      update bench.accounts as a set balance = a.balance + l.amount
      from (select account, sum(amount) as amount from legs group by account order by account) as l where a.id = l.account
    )
  insert into bench.entries select id, account, amount from legs
$$;

-- The same as bench.post, with the foreign keys that a textbook gives these tables.
create table bench.linked_transfers (like bench.transfers including all);
create table bench.linked_entries (
  transfer_id bigint not null references bench.linked_transfers, account_id bigint not null references bench.accounts,
  amount bigint not null, primary key (transfer_id, account_id)
);
create function bench.post_linked(p_key text, p_from bigint, p_to bigint, p_amount bigint) returns void language plpgsql as $$
declare
  transfer bigint;
begin
  insert into bench.linked_transfers (key) values (p_key) returning id into transfer;
  update bench.accounts set balance = balance - p_amount where id = p_from;
  update bench.accounts set balance = balance + p_amount where id = p_to;
  insert into bench.linked_entries values (transfer, p_from, -p_amount), (transfer, p_to, p_amount);
end $$;

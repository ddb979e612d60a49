-- Double entry for money, tokens and data allowances. Vocabulary, sign convention and chart of accounts:
-- functions/src/domain/ledger/README.md. Reasons, with measurements: docs/adr/0010-ledger-in-postgres.md.
--
-- The tables guard themselves, also against their owner. Rows of transfers and entries, and the balances of accounts, change
-- only inside the triggers of the views ledger.postings and ledger.folds; every other statement meets a trigger that refuses it.
-- So there is one door, it checks everything, and only a change of the schema goes around it.
--
-- SQLSTATEs of our own: LG001 insufficient funds, LG002 key used for another posting, LG003 malformed posting,
-- LG004 history does not change, LG005 cannot be reversed, LG006 restored from a logical dump.

create schema ledger;

-- Domains rather than CHECKs on columns: a table prepares all of its CHECKs anew for each statement, also for the update of a
-- balance that touches none of them. Measured, that doubled the cost of a posting.
create domain ledger.account_code as text collate "C"
  check (value ~ '^(platform|member|line)(/[a-z0-9_]+)+/(USD|CAD|DOTM|BYTE)$');
create domain ledger.unit as text collate "C" check (value in ('USD/2', 'CAD/2', 'DOTM/18', 'BYTE/0'));
create domain ledger.account_kind as text collate "C" check (value in ('strict', 'deferred'));
create domain ledger.idempotency_key as text collate "C" check (length(value) between 1 and 255);
create domain ledger.template as text collate "C" check (value ~ '^[a-z][A-Za-z]*(\.reversed)?$');
create domain ledger.meta as jsonb check (jsonb_typeof(value) = 'object');
-- Minor units. Not numeric(38,0), which would round 0.5 in silence. NaN is greater than every number and fails the bound.
create domain ledger.amount as numeric check (value <> 0 and value = trunc(value) and abs(value) < 1e38);

create table ledger.accounts (
  id bigint generated always as identity primary key,
  -- owner/…/unit, for example member/mem_01…/funds/USD. Its byte order ("C") is the order in which postings lock accounts.
  code ledger.account_code not null unique,
  unit ledger.unit not null,
  -- strict: exact balance under a row lock. deferred: append-only, its balance is this row plus a tail of entries (see fold).
  kind ledger.account_kind not null,
  -- Where it is set, apply_posting never lets the balance fall below it. Deferred accounts have none: their row is not their balance.
  min_balance numeric(38, 0),
  balance numeric(38, 0) not null default 0,
  -- strict: number of entries so far.
  version bigint not null default 0,
  -- deferred: entries of transactions below this one, and of transfers up to the second one, are contained in balance.
  folded_below bigint not null default 0,
  folded_through bigint not null default 0,
  created_at timestamptz not null default now()
) with (fillfactor = 60); -- leaves room on each page, so that a balance changes in place and no index is touched

create table ledger.transfers (
  id bigint generated always as identity primary key,
  -- Starts with the id of what it is about (ord_01…/paymentReceived/pi_…), so that this index also finds all transfers of an order.
  idempotency_key ledger.idempotency_key not null unique,
  request_hash bytea not null,
  template ledger.template not null,
  -- When it happened in the world; created_at is when we wrote it down.
  event_at timestamptz not null,
  created_at timestamptz not null default now(),
  reverses bigint,
  meta ledger.meta not null default '{}'
);

create unique index transfers_reverses on ledger.transfers (reverses) where reverses is not null;

-- No foreign keys: only the posting trigger inserts here, with ids that it has just read, and neither accounts nor transfers
-- can be deleted. A foreign key would also lock the row of a hot account in every posting, which deferred accounts avoid.
create table ledger.entries (
  transfer_id bigint not null,
  account_id bigint not null,
  amount ledger.amount not null,
  -- strict accounts: the balance after this entry. deferred accounts: null.
  balance_after numeric,
  -- strict accounts: the place in the account's history. deferred accounts: the id of the writing transaction, for fold.
  position bigint not null,
  primary key (transfer_id, account_id)
);

create index entries_account on ledger.entries (account_id, position);

-- ---------------------------------------------------------------------------------------------------------------------
-- Accounts

-- Opens account p_code unless it is open. A platform/ account is deferred and has no floor; what belongs to a member or a line is
-- strict and never below zero. Two sessions may open the same account at once: the second waits for the first.
create function ledger.open_account(p_code text, p_unit text) returns void
language sql security definer set search_path = '' as $$
  insert into ledger.accounts (code, unit, kind, min_balance)
  select p_code, p_unit, kind, case kind when 'strict' then 0 end
  from (select case when starts_with(p_code, 'platform/') then 'deferred' else 'strict' end) as rule (kind)
  on conflict (code) do nothing
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The door

create view ledger.postings as
  select null::text as idempotency_key, null::text as template, null::timestamptz as event_at, null::text[] as codes,
    null::text[] as units, null::numeric[] as amounts, null::jsonb as meta, null::bigint as reverses,
    null::bigint as transfer_id, null::boolean as replayed
  where false;

-- Refuses legs that do not sum to zero in each unit. Called where one sum over all legs does not settle it.
create function ledger.refuse_unbalanced(p_units text[], p_amounts numeric[]) returns void language plpgsql immutable as $$
declare
  off text;
begin
  select string_agg(format('%s %s', total, unit), ', ' order by unit) into off
    from (select unit, sum(amount) as total from unnest(p_units, p_amounts) as leg (unit, amount) group by unit) as sums
    where total is distinct from 0;
  if off is not null then
    raise exception 'the legs do not sum to zero: %', off using errcode = 'LG003';
  end if;
end $$;

-- Writes one posting. Takes the key first: a second posting with the same key waits there, then answers from the first. Then
-- moves each account in byte order of its code, then writes the entries.
--
-- Few and plain expressions on purpose: a transaction prepares each one anew, which is most of what a posting costs.
create function ledger.apply_posting() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  -- jsonb and numeric print in one way only, so equal postings have equal hashes. event_at is not part of it: a task that is tried
  -- again may have read another clock, and that makes it no other posting.
  hash constant bytea := sha256(convert_to(row(new.template, new.codes, new.units, new.amounts, new.meta, new.reverses)::text, 'UTF8'));
  earlier_hash bytea;
  total numeric := 0;
  leg_code text;
  previous text := '';
  leg_amount numeric;
  account_id bigint;
  account_unit text;
  balance_after numeric;
  floor numeric;
  place bigint;
  below bigint;
  ids bigint[];
  balances numeric[];
  places bigint[];
begin
  if (cardinality(new.codes) >= 2 and cardinality(new.units) = cardinality(new.codes)
    and cardinality(new.amounts) = cardinality(new.codes)) is not true then
    raise exception 'a posting has two legs or more, each with account, unit and amount; got % accounts', cardinality(new.codes)
      using errcode = 'LG003';
  end if;
  insert into ledger.transfers (idempotency_key, request_hash, template, event_at, reverses, meta)
    values (new.idempotency_key, hash, new.template, new.event_at, new.reverses, new.meta)
    on conflict (idempotency_key) do nothing
    returning transfers.id into new.transfer_id;
  new.replayed := not found;
  if new.replayed then
    select t.id, t.request_hash into strict new.transfer_id, earlier_hash
      from ledger.transfers as t where t.idempotency_key = new.idempotency_key;
    if earlier_hash <> hash then
      raise exception 'key % belongs to another posting, transfer %', new.idempotency_key, new.transfer_id using errcode = 'LG002';
    end if;
    return new;
  end if;

  for leg in 1 .. cardinality(new.codes) loop
    leg_code := new.codes[leg];
    leg_amount := new.amounts[leg];
    total := total + leg_amount;
    if leg_code <= previous collate "C" then
      raise exception 'legs must be sorted by account and name each once: % follows %', leg_code, previous using errcode = 'LG003';
    end if;
    previous := leg_code;
    loop
      if starts_with(leg_code, 'platform/') then
        select a.id, a.unit, a.folded_below, pg_current_xact_id()::text::bigint into account_id, account_unit, below, place
          from ledger.accounts as a where a.code = leg_code;
        balance_after := null;
        if place < below then
          raise exception 'this database was restored from a logical dump: run select ledger.refold() once' using errcode = 'LG006';
        end if;
      else
        update ledger.accounts as a set balance = a.balance + leg_amount, version = a.version + 1
          where a.code = leg_code
          returning a.id, a.unit, a.balance, a.version, a.min_balance into account_id, account_unit, balance_after, place, floor;
        if balance_after < floor and leg_amount < 0 then
          raise exception 'account % would fall to %, below its minimum %', leg_code, balance_after, floor using errcode = 'LG001';
        end if;
      end if;
      exit when found;
      perform ledger.open_account(leg_code, new.units[leg]);
    end loop;
    if account_unit is distinct from new.units[leg] then
      raise exception 'account % counts %, not %', leg_code, account_unit, new.units[leg] using errcode = 'LG003';
    end if;
    ids[leg] := account_id;
    balances[leg] := balance_after;
    places[leg] := place;
  end loop;

  insert into ledger.entries (transfer_id, account_id, amount, balance_after, position)
    select new.transfer_id, l.* from unnest(ids, new.amounts, balances, places) as l;
  if total is distinct from 0 or new.units[1] <> any (new.units) then
    perform ledger.refuse_unbalanced(new.units, new.amounts);
  end if;
  return new;
end $$;

create trigger apply_posting instead of insert on ledger.postings for each row execute function ledger.apply_posting();

-- Posts legs (account, unit, amount: three arrays of one length, sorted by account in byte order) in one round trip, inside the
-- caller's transaction. Opens accounts that do not exist yet. Answers the transfer and whether an earlier posting with this key
-- and the same content had already written it. Errors: LG001, LG002, LG003, LG006.
create function ledger.post(
  p_key text, p_template text, p_event_at timestamptz, p_codes text[], p_units text[], p_amounts numeric[],
  p_meta jsonb default '{}', out transfer_id bigint, out replayed boolean
) language plpgsql as $$
begin
  insert into ledger.postings as p (idempotency_key, template, event_at, codes, units, amounts, meta)
    values (p_key, p_template, p_event_at, p_codes, p_units, p_amounts, p_meta)
    returning p.transfer_id, p.replayed into post.transfer_id, post.replayed;
end $$;

-- Posts the exact opposite of a whole transfer, computed from its entries. A transfer is reversed once; a reversal is not reversed
-- but posted anew. Safe to repeat with the same key. Errors: those of post, LG005, and 23505 transfers_reverses.
create function ledger.reverse(
  p_transfer_id bigint, p_key text, p_event_at timestamptz, p_meta jsonb default '{}', out transfer_id bigint, out replayed boolean
) language plpgsql as $$
begin
  insert into ledger.postings as p (idempotency_key, template, event_at, codes, units, amounts, meta, reverses)
    select p_key, t.template || '.reversed', p_event_at, array_agg(a.code::text order by a.code), array_agg(a.unit::text order by a.code),
      array_agg(-e.amount::numeric order by a.code), p_meta, t.id
    from ledger.transfers as t
    join ledger.entries as e on e.transfer_id = t.id
    join ledger.accounts as a on a.id = e.account_id
    where t.id = p_transfer_id and t.reverses is null
    group by t.id
    returning p.transfer_id, p.replayed into reverse.transfer_id, reverse.replayed;
  if not found then
    raise exception 'transfer % does not exist or is itself a reversal', p_transfer_id using errcode = 'LG005';
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Deferred accounts: fold the finished part of the tail into the account's row, so that the balance stays cheap to read

create view ledger.folds as select null::boolean as everything, null::bigint as folded where false;

-- Adds to each deferred account the entries of transactions that have ended: those below the oldest one still running. What a
-- running transaction writes later has its own id, which is not below, so nothing is lost and nothing counted twice. Two folds
-- at once take turns at each row, and the later one starts where the earlier one ended.
create function ledger.apply_fold() returns trigger
language plpgsql security definer set search_path = '' as $$
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
end $$;

create trigger apply_fold instead of insert on ledger.folds for each row execute function ledger.apply_fold();

-- Folds what is finished and returns the number of entries folded. Run it every few minutes; skipping it only makes balances of
-- platform accounts slower to read.
create function ledger.fold() returns bigint language plpgsql as $$
declare
  count bigint;
begin
  insert into ledger.folds (everything) values (false) returning folded into count;
  return count;
end $$;

-- Folds everything anew. Needed once after a restore from a logical dump (pg_dump), where transaction ids start again below those
-- that the entries name: post refuses with LG006 until then. Backups of Cloud SQL keep the ids and need nothing.
create function ledger.refold() returns bigint language plpgsql as $$
declare
  count bigint;
begin
  insert into ledger.folds (everything) values (true) returning folded into count;
  return count;
end $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Reading

-- Exact balances as of the reading statement's snapshot.
create view ledger.balances as
  select a.code, a.unit, a.kind, a.min_balance,
    case a.kind when 'strict' then a.balance else a.balance + coalesce((
      select sum(e.amount) from ledger.entries as e
      where e.account_id = a.id and e.position >= a.folded_below and e.transfer_id > a.folded_through), 0) end as balance
  from ledger.accounts as a;

-- Exact balance of account p_code in minor units; 0 for an account that has never been posted to.
create function ledger.balance(p_code text) returns numeric language sql stable as $$
  select coalesce((select balance from ledger.balances where code = p_code), 0)
$$;

-- Every leg with its account and transfer, for people and reports.
create view ledger.journal as
  select t.id as transfer_id, t.idempotency_key, t.template, t.event_at, t.created_at, t.reverses, a.code, a.unit, e.amount,
    e.balance_after, t.meta
  from ledger.transfers as t
  join ledger.entries as e on e.transfer_id = t.id
  join ledger.accounts as a on a.id = e.account_id;

-- Recomputes everything from the entries and returns one row per contradiction; none when the books are right. It reads all
-- entries: for the nightly reconciliation and for tests.
create function ledger.verify() returns table (problem text, subject text) language sql stable as $$
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
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Guards

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on ledger.% refused: history does not change and rows come from ledger.post only; post a correction', tg_op, tg_table_name
    using errcode = 'LG004';
end $$;

-- Depth 0 is a statement that no trigger runs, that is, one that did not come through a door.
create trigger only_by_posting before insert on ledger.transfers
  for each statement when (pg_trigger_depth() = 0) execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.transfers
  for each statement execute function ledger.refuse_change();
create trigger only_by_posting before insert on ledger.entries
  for each statement when (pg_trigger_depth() = 0) execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.entries
  for each statement execute function ledger.refuse_change();
create trigger never_deleted before delete or truncate on ledger.accounts
  for each statement execute function ledger.refuse_change();
create trigger never_renamed before update of id, code, unit, kind, created_at on ledger.accounts
  for each statement execute function ledger.refuse_change();
create trigger only_by_posting before update of balance, version, folded_below, folded_through on ledger.accounts
  for each statement when (pg_trigger_depth() = 0) execute function ledger.refuse_change();

create function ledger.guard_account() returns trigger language plpgsql as $$
begin
  if new.code not like '%/' || split_part(new.unit, '/', 1) then
    raise exception 'account % cannot count %', new.code, new.unit using errcode = 'LG003';
  elsif (new.kind = 'deferred') <> starts_with(new.code, 'platform/') or new.kind = 'deferred' and new.min_balance is not null then
    raise exception 'account % cannot be % with minimum %: platform/ accounts are deferred and have none, others are strict', new.code,
      new.kind, new.min_balance using errcode = 'LG003';
  elsif tg_op = 'INSERT' and (new.balance, new.version, new.folded_below, new.folded_through) <> (0, 0, 0, 0) then
    raise exception 'account % must start empty', new.code using errcode = 'LG003';
  end if;
  return new;
end $$;

create trigger guard_account before insert or update of min_balance on ledger.accounts
  for each row execute function ledger.guard_account();

-- A login that does not own the schema reaches the tables through the functions only. It needs: usage on schema ledger, execute on
-- its functions, insert on postings and folds, select on the rest (functions/src/domain/ledger/README.md).
revoke all on all tables in schema ledger from public;
revoke all on all functions in schema ledger from public;

-- ---------------------------------------------------------------------------------------------------------------------
-- Chart of platform accounts. Opened now, so that no first posting waits for another one that opens the same account.

select ledger.open_account(format('platform/%s/%s', name, split_part(unit, '/', 1)), unit)
from (
  select name, unit from unnest(array['stripe_clearing', 'revenue', 'stripe_fees', 'disputes']) as name,
    unnest(array['USD/2', 'CAD/2']) as unit
  union all
  values ('reward_issuance', 'DOTM/18'), ('reward_set_off', 'DOTM/18'), ('data_stock', 'BYTE/0'), ('data_used', 'BYTE/0')
) as chart (name, unit);

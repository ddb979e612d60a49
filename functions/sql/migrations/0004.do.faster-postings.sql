-- A posting in half the work. The table of transfers is the door now: a transfer keeps its legs as they were asked for, and the trigger
-- behind it moves the accounts and writes the entries. So there is no view in between, the same key is compared with the request itself
-- instead of its hash, and nobody can insert a transfer that is not carried out in full. Measured: docs/performance.md.

drop function ledger.post(text, text, timestamptz, text[], text[], numeric[], jsonb);
drop function ledger.reverse(bigint, text, timestamptz, jsonb);
drop view ledger.postings;
drop function ledger.apply_posting();
drop trigger only_by_posting on ledger.transfers;

-- The request: accounts in byte order with their units and amounts. The entries are what came of it.
alter table ledger.transfers add column codes text[], add column units text[], add column amounts numeric[];

alter table ledger.transfers disable trigger append_only;
update ledger.transfers as t set codes = legs.codes, units = legs.units, amounts = legs.amounts
  from (
    select e.transfer_id, array_agg(a.code::text order by a.code) as codes, array_agg(a.unit::text order by a.code) as units,
      array_agg(e.amount::numeric order by a.code) as amounts
    from ledger.entries as e join ledger.accounts as a on a.id = e.account_id group by e.transfer_id
  ) as legs
  where legs.transfer_id = t.id;
alter table ledger.transfers enable trigger append_only;

alter table ledger.transfers alter codes set not null, alter units set not null, alter amounts set not null, drop column request_hash;

-- ---------------------------------------------------------------------------------------------------------------------
-- What a posting does

-- Refuses a posting whose legs are fewer than two, lack a part, are not sorted or name an account twice.
create function ledger.refuse_misshapen(p_codes text[], p_units text[], p_amounts numeric[]) returns void language plpgsql immutable as $$
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
end $$;

-- Carries out the legs that the quick way left: their account is new or refuses them. A new account is opened here, after the others are
-- locked. So two first postings may, rarely, wait for each other; Postgres ends one, and db.transaction repeats it.
create function ledger.carry_out_rest(p_transfer_id bigint, p_codes text[], p_units text[], p_amounts numeric[]) returns void
language plpgsql as $$
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
end $$;

-- Carries out a transfer that was just inserted: moves its strict accounts and writes their entries in one statement, then the entries of
-- its deferred accounts in another. A leg that neither takes is left to carry_out_rest, which opens its account or says what is wrong.
--
-- Few and plain expressions on purpose: each statement prepares its own anew, and PL/pgSQL those outside of statements once in every
-- transaction, which is most of what a posting costs.
--
-- The settings make the plan a scan of the accounts' index, whatever the statistics say: it locks accounts in byte order of their codes,
-- so that postings which cross never deadlock. They also keep that plan, which is the best for every posting.
create function ledger.carry_out() returns trigger language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  -- Two sorted legs of one unit that sum to zero, which is nearly every posting, are seen to be right at once.
  plain constant boolean := cardinality(new.codes) = 2 and cardinality(new.units) = 2 and cardinality(new.amounts) = 2
    and new.codes[1] < new.codes[2] collate "C" and new.units[1] = new.units[2] and new.amounts[1] + new.amounts[2] = 0;
  strict_legs bigint;
  deferred_legs bigint;
begin
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
end $$;

create trigger carry_out after insert on ledger.transfers for each row execute function ledger.carry_out();

-- ---------------------------------------------------------------------------------------------------------------------
-- The door

-- The transfer that has key p_key, when it is this very posting; LG002 when the key belongs to another. The time is not part of it: a
-- task that is tried again may have read another clock, and that makes it no other posting.
create function ledger.replay(
  p_key text, p_template text, p_codes text[], p_units text[], p_amounts numeric[], p_meta jsonb, p_reverses bigint
) returns bigint language plpgsql as $$
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
end $$;

-- Posts legs (account, unit, amount: three arrays of one length, sorted by account in byte order) in one round trip, inside the
-- caller's transaction. Opens accounts that do not exist yet. Takes the key first: a second posting with the same key waits there, then
-- answers from the first. Answers the transfer and whether an earlier posting with this key and the same content had already written
-- it. Errors: LG001, LG002, LG003, LG006.
create function ledger.post(
  p_key text, p_template text, p_event_at timestamptz, p_codes text[], p_units text[], p_amounts numeric[],
  p_meta jsonb default '{}', out transfer_id bigint, out replayed boolean
) language plpgsql security definer set search_path = '' as $$
begin
  insert into ledger.transfers as t (idempotency_key, template, event_at, codes, units, amounts, meta)
    values (p_key, p_template, p_event_at, p_codes, p_units, p_amounts, p_meta)
    on conflict (idempotency_key) do nothing
    returning t.id, false into transfer_id, replayed;
  if transfer_id is null then
    transfer_id := ledger.replay(p_key, p_template, p_codes, p_units, p_amounts, p_meta, null);
    replayed := true;
  end if;
end $$;

-- Posts the exact opposite of a whole transfer, computed from its entries. A transfer is reversed once; a reversal is not reversed
-- but posted anew. Safe to repeat with the same key. Errors: those of post, LG005, and 23505 transfers_reverses.
create function ledger.reverse(
  p_transfer_id bigint, p_key text, p_event_at timestamptz, p_meta jsonb default '{}', out transfer_id bigint, out replayed boolean
) language plpgsql security definer set search_path = '' as $$
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
end $$;

revoke all on all functions in schema ledger from public;

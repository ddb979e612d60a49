-- What most postings are, a member's account and one of the platform's, in one statement instead of two; and guards that ask for the
-- depth in a function. PostgreSQL reads the condition of a WHEN anew from its text for each statement, and prepares an expression of
-- PL/pgSQL once in a transaction, for both tables together. Measured: docs/performance.md.

-- Refuses a statement that no trigger runs, that is, one that did not come through a door. It runs at depth 1 then.
create function ledger.refuse_direct_change() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() = 1 then
    raise exception '% on ledger.% refused: history does not change and rows come from ledger.post only; post a correction', tg_op, tg_table_name
      using errcode = 'LG004';
  end if;
  return null;
end $$;

drop trigger only_by_posting on ledger.entries;
drop trigger only_by_posting on ledger.accounts;
create trigger only_by_posting before insert on ledger.entries
  for each statement execute function ledger.refuse_direct_change();
create trigger only_by_posting before update of balance, version, folded_below, folded_through on ledger.accounts
  for each statement execute function ledger.refuse_direct_change();

-- Carries out a transfer that was just inserted: moves its strict accounts and writes their entries in one statement, and the entries of
-- its deferred accounts in the same one where there is one account of each kind, which are most postings. A leg that neither takes is
-- left to carry_out_rest, which opens its account or says what is wrong.
--
-- Few and plain expressions on purpose: each statement prepares its own anew, and PL/pgSQL those outside of statements once in every
-- transaction, which is most of what a posting costs.
--
-- The settings make the plan a scan of the accounts' index, whatever the statistics say: it locks accounts in byte order of their codes,
-- so that postings which cross never deadlock. They also keep that plan, which is the best for every posting.
create or replace function ledger.carry_out() returns trigger language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
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
end $$;

revoke all on function ledger.refuse_direct_change() from public;

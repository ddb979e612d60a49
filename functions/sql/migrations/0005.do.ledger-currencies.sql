-- Currencies are data: the ledger takes any of them by its form, `XXX/<decimals>`, and keeps for each the decimals it was first counted
-- with. The domains are looked at when an account is opened, not in a posting to one that is open, so a posting costs what it did.

alter domain ledger.account_code drop constraint account_code_check;
alter domain ledger.account_code add constraint account_code_check
  check (value ~ '^(platform|member|line)(/[a-z0-9_]+)+/([A-Z]{3}|DOTM|BYTE)$');
alter domain ledger.unit drop constraint unit_check;
alter domain ledger.unit add constraint unit_check check (value ~ '^([A-Z]{3}/[0-4]|DOTM/18|BYTE/0)$');

-- The units that are counted, one for each name. Decimals of a currency come from the runtime's tables, which change with its version:
-- were EUR/2 counted as EUR/3 one day, each new amount would be ten times off. Whoever opens the first account in a currency decides.
create table ledger.units (
  name text collate "C" primary key,
  unit ledger.unit not null,
  check (name = split_part(unit, '/', 1))
);
insert into ledger.units (name, unit) select distinct split_part(unit, '/', 1), unit from ledger.accounts;

create trigger append_only before update or delete or truncate on ledger.units
  for each statement execute function ledger.refuse_change();

create or replace function ledger.guard_account() returns trigger language plpgsql as $$
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
end $$;

revoke all on ledger.units from public;

-- The catalogue as operators change it: drafts and published versions, prices for each currency and billing cycle, bundles, what members
-- pay less, where nothing is sold. Currencies are rows of it. What is published never changes: orders point at it.
-- Reasons: docs/adr/0012-catalogue-and-pricing.md.

alter table catalog_version
  add column state text not null default 'published' check (state in ('draft', 'published', 'discarded')),
  -- From when it is the one that sells: the newest effective version wins, the higher number among equals.
  add column effective_at timestamptz,
  add column created_at timestamptz,
  -- Who wrote it and who published it: uids of operators; null for what the seed made.
  add column created_by text,
  -- The call that made it, so that its repetition finds it.
  add column request_id text unique,
  add column published_by text,
  add column note text not null default '',
  add column based_on integer references catalog_version,
  add column excluded_countries text[] not null default '{}',
  -- A draft is one document; published, it is rows of the tables below. One that was thrown away stays: its number is not given again.
  add column content jsonb,
  -- Counts the changes of a draft, so that nobody overwrites what they have not seen.
  add column revision integer not null default 1,
  alter column published_at drop not null;
update catalog_version set effective_at = published_at, created_at = published_at;
alter table catalog_version
  alter column state drop default,
  alter column created_at set not null,
  add constraint catalog_version_parts check (
    state <> 'published' and published_at is null and published_by is null and content is not null
    or state = 'published' and published_at is not null and effective_at is not null and content is null);
create index catalog_version_effective on catalog_version (effective_at desc, version desc) where state = 'published';

create table catalog_currency (
  version integer not null references catalog_version,
  code text not null check (code ~ '^[A-Z]{3}$'),
  position integer not null,
  -- DOTM for one whole unit, as the decimal that the operator wrote: no rate is ever a float.
  reward_rate text not null check (reward_rate ~ '^\d{1,9}(\.\d{1,9})?$'),
  primary key (version, code)
);

create table bundle (
  version integer not null references catalog_version,
  id text not null,
  position integer not null,
  kind text not null,
  minimum_products integer not null check (minimum_products >= 2),
  basis_points_off integer not null check (basis_points_off between 0 and 10000),
  primary key (version, id)
);

create table member_discount (
  version integer not null references catalog_version,
  id text not null,
  position integer not null,
  membership_id text not null,
  kind text not null,
  basis_points_off integer not null check (basis_points_off between 0 and 10000),
  primary key (version, id),
  foreign key (version, membership_id) references product (version, id)
);

-- Null where it is to be had everywhere.
alter table product add column countries text[];

alter table price drop constraint price_currency_check;
alter table price add column cycle text check (cycle in ('one_time', 'monthly', 'annual'));
alter table price drop constraint price_pkey;

-- What was published before moves over ------------------------------------------------------------------------------

insert into catalog_currency (version, code, position, reward_rate)
  select version, code, position, rate from catalog_version, (values ('USD', 0, '1'), ('CAD', 1, '0.73')) as seed (code, position, rate);

-- What costs nothing is switched on and not bought: it has no price.
update product set billing = 'free' where (version, id) in
  (select version, product_id from price group by version, product_id having max(amount_minor) = 0);
delete from price where (version, product_id) in (select version, id from product where billing = 'free');
update price set cycle = product.billing from product where product.version = price.version and product.id = price.product_id;
-- A year of a monthly network feature costs ten months.
insert into price (version, product_id, currency, amount_minor, cycle)
  select price.version, product_id, currency, amount_minor * 10, 'annual' from price
  join product on product.version = price.version and product.id = product_id
  where kind = 'network_feature' and billing = 'monthly';
update product set countries = '{CA,US}' where id = 'satellite_text';

insert into bundle (version, id, position, kind, minimum_products, basis_points_off)
  select version, 'network_bundle', 0, 'network_feature', 3, 1500 from catalog_version;
insert into member_discount (version, id, position, membership_id, kind, basis_points_off)
  select version, 'full_member_features', 0, id, 'network_feature', 2000 from product where id = 'full_membership';

alter table price
  alter column cycle set not null,
  add primary key (version, product_id, currency, cycle),
  add foreign key (version, currency) references catalog_currency (version, code);

-- Which currencies are sold is what the catalogue says, not the schema.
alter table member drop constraint member_currency_check;
alter table member add constraint member_currency_check check (currency ~ '^[A-Z]{3}$');
alter table orders drop constraint orders_currency_check;
alter table orders add constraint orders_currency_check check (currency ~ '^[A-Z]{3}$');

-- What is published never changes -----------------------------------------------------------------------------------

create function guard_catalog_version() returns trigger language plpgsql as $$
begin
  if old.state = 'published' then
    raise exception 'version % of the catalogue is published: it does not change; publish another', old.version using errcode = '42501';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;
create trigger published_is_final before update or delete on catalog_version
  for each row execute function guard_catalog_version();

-- Rows come while their version is still a draft, in the transaction that publishes it.
create function guard_catalog_part() returns trigger language plpgsql as $$
begin
  if not exists (select from catalog_version where version = new.version and state = 'draft') then
    raise exception 'version % of the catalogue is published: nothing is added to it', new.version using errcode = '42501';
  end if;
  return new;
end $$;

do $$
declare
  part text;
begin
  foreach part in array array['catalog_currency', 'product', 'price', 'bundle', 'member_discount'] loop
    execute format('create trigger only_in_a_draft before insert on %I for each row execute function guard_catalog_part()', part);
    execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_change()', part);
  end loop;
end $$;
create trigger never_emptied before truncate on catalog_version for each statement execute function refuse_change();

-- Tax that the payment provider reckons and charges on top of the prices. total_minor is what was charged in all, tax included; the goods
-- are the rest. What went back of the tax stands beside what went back in all, so that parts add up to the cent in any order.
-- Reasons: docs/adr/0015-tax-and-plan-changes.md.

alter table orders
  add column tax_minor bigint not null default 0,
  add column tax_refunded_minor bigint not null default 0,
  add check (tax_minor between 0 and total_minor),
  add check (tax_refunded_minor between 0 and least(tax_minor, refunded_minor));

-- The share of a refund, or of a dispute that was lost, that is tax; written when it is booked.
alter table refund add column tax_minor bigint not null default 0 check (tax_minor between 0 and amount_minor);
alter table dispute add column tax_minor bigint not null default 0 check (tax_minor between 0 and amount_minor);

-- Collected for the tax authorities: owed by us, earned by nobody.
select ledger.open_account(format('platform/sales_tax/%s', split_part(unit, '/', 1)), unit) from (values ('USD/2'), ('CAD/2')) as sold (unit);

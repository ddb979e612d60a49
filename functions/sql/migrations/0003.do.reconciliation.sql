-- What the nightly reconciliation needs: the payment provider's own account of our balance, kept so that the two sides are compared
-- in SQL and nothing has to fit into memory, and ways to find what moved in a span of time.

-- One row for each balance transaction of the payment provider. Its fee is booked in the transaction that writes the row, so a row
-- that is here has its fee in the ledger.
create table balance_movement (
  id text primary key,
  kind text not null check (kind in
    ('charge', 'payment', 'refund', 'payment_refund', 'adjustment', 'stripe_fee', 'payout', 'other')),
  -- The charge, refund or dispute behind it.
  source_id text,
  currency text not null check (currency in ('USD', 'CAD')),
  -- Gross and signed: what comes in is positive.
  amount_minor bigint not null,
  fee_minor bigint not null,
  at timestamptz not null
);
create index balance_movement_at on balance_movement (at);
create index balance_movement_source on balance_movement (source_id) where source_id is not null;
create trigger balance_movement_append_only before update or delete or truncate on balance_movement
  for each statement execute function refuse_change();

-- A run shows its differences once it has come to its end; one that was cut off never does.
alter table reconciliation_run add column finished_at timestamptz;
alter table reconciliation_run add column differences integer;
alter table reconciliation_run add check ((finished_at is null) = (differences is null));
create index reconciliation_run_finished on reconciliation_run (finished_at) where finished_at is not null;
create index reconciliation_difference_run on reconciliation_difference (run_id, id);

create index orders_paid on orders (paid_at) where paid_at is not null;
create index orders_changed on orders (state_changed_at);
create index refund_requested on refund (requested_at);
create index refund_settled on refund (settled_at) where settled_at is not null;
create index dispute_opened on dispute (opened_at);
create index dispute_closed on dispute (closed_at) where closed_at is not null;

-- Tokens spent as credit at checkout: what they take off an order, item by item, what they cost the member, and what came back of them.
-- The tokens themselves are held, spent and given back in reward_use and the ledger. Reasons: docs/adr/0017-rewards.md.

alter table orders
  -- What the credit takes off. total_minor is what is left to be paid with money.
  add column credit_minor bigint not null default 0 check (credit_minor >= 0),
  -- What it costs, at the rate of the order's catalogue.
  add column credit_wei numeric(38, 0) not null default 0 check (credit_wei >= 0),
  -- How much of that is the member's again: all of it when the order was not paid, else the share of the money that went back.
  add column credit_returned_wei numeric(38, 0) not null default 0,
  add check ((credit_minor = 0) = (credit_wei = 0)),
  add check (credit_returned_wei between 0 and credit_wei);

-- Each item's share of it: what the credit paid earns no reward.
alter table order_item
  add column credit_minor bigint not null default 0,
  add check (credit_minor between 0 and unit_minor * quantity - discount_minor);

import type { Currency } from '../../shared/money.ts';

// Codes of accounts: owner, purpose, unit. A platform/ account is opened by the migration; accounts of members and lines open
// themselves at their first posting. README.md says what each is for.

/** Money received from a member for what has not been delivered yet. Never below zero. */
export function memberFunds(memberId: string, currency: Currency): string {
  return `member/${memberId}/funds/${currency}`;
}

/** Tokens earned in the refund window. Never below zero. */
export function rewardsPending(memberId: string): string {
  return `member/${memberId}/rewards_pending/DOTM`;
}

/** Tokens that are the member's for good, not yet paid out. Never below zero. */
export function rewardsVested(memberId: string): string {
  return `member/${memberId}/rewards_vested/DOTM`;
}

/** Tokens on their way to the member's wallet, or held for an order that is not paid yet. Never below zero. */
export function rewardsReserved(memberId: string): string {
  return `member/${memberId}/rewards_reserved/DOTM`;
}

/** A note: tokens that were gone when their purchase was refunded, still to be set off against later rewards. Never below zero. */
export function rewardSetOff(memberId: string): string {
  return `member/${memberId}/reward_set_off/DOTM`;
}

/** Data allowance of a line, in bytes. Never below zero. */
export function lineData(lineId: string): string {
  return `line/${lineId}/data/BYTE`;
}

/** Accounts of the platform in money. */
export const platformMoney = {
  /** Our balance at the payment provider, below zero by as much as lies there. */
  stripeClearing: (currency: Currency) => `platform/stripe_clearing/${currency}`,
  /** Earned by delivering. */
  revenue: (currency: Currency) => `platform/revenue/${currency}`,
  /** Collected for tax authorities, and owed to them. */
  salesTax: (currency: Currency) => `platform/sales_tax/${currency}`,
  /** Paid to the payment provider, below zero. */
  stripeFees: (currency: Currency) => `platform/stripe_fees/${currency}`,
  /** Withheld by the payment provider while a dispute is open, below zero. */
  disputes: (currency: Currency) => `platform/disputes/${currency}`,
} as const;

/** Tokens promised to members and not taken back, below zero. */
export const rewardIssuance = 'platform/reward_issuance/DOTM';
/** Tokens paid out on chain: minted to members' wallets. */
export const rewardsPaid = 'platform/rewards_paid/DOTM';
/** Tokens that members spent as credit at checkout. */
export const rewardsSpent = 'platform/rewards_spent/DOTM';
/** The other side of all members' set-offs. */
export const rewardSetOffTotal = 'platform/reward_set_off/DOTM';
/** Data handed to lines, below zero. */
export const dataStock = 'platform/data_stock/BYTE';
/** Data that lines have used. */
export const dataUsedTotal = 'platform/data_used/BYTE';

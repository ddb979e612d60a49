/**
 * Shortens a wallet address for people: `0x1234…abcd`. Enough to tell one's own wallets apart, never enough to check an address that
 * somebody else sent; where that matters, show the whole.
 */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

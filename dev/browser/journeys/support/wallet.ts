import { Wallet } from 'ethers';
import type { BrowserContext } from 'playwright-core';

/**
 * Puts a wallet into a visitor's browser, as an extension would: it announces itself to the page (EIP-6963), gives out its account and signs
 * messages. The key is random and lies in this process. Call it before the visitor opens a page. Returns the account.
 */
export async function bringWallet(context: BrowserContext, name = 'Traveller’s wallet'): Promise<string> {
  const key = Wallet.createRandom();
  await context.exposeFunction('askWallet', (method: string, params: readonly string[]) => {
    if (method === 'eth_requestAccounts') return [key.address];
    if (method === 'personal_sign') return key.signMessage(Buffer.from((params[0] ?? '').slice(2), 'hex'));
    throw new Error(`this wallet knows no ${method}`);
  });
  await context.addInitScript({ content: announcement(name) });
  return key.address;
}

/** What the extension runs in each page: announces a provider whose questions are answered out here. */
function announcement(name: string): string {
  return `(() => {
  const info = { uuid: '6fdb9e1c-5d0b-4d6a-9a39-2a2f9a6e0f11', name: ${JSON.stringify(name)}, icon: '', rdns: 'example.wallet' };
  const provider = { request: ({ method, params = [] }) => window.askWallet(method, params) };
  const announce = () =>
    dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }));
  addEventListener('eip6963:requestProvider', announce);
  announce();
})();`;
}

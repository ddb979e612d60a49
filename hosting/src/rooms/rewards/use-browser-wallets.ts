import { useSyncExternalStore } from 'react';
import { discoverWallets } from './wallet-discovery.ts';
import type { FoundWallet, WalletDiscovery } from './wallet-discovery.ts';

let discovery: WalletDiscovery | undefined;

/** Wallets are asked only once somebody wants to link one: whoever reads about rewards tells no extension of it. */
function ofThisPage(): WalletDiscovery {
  discovery ??= discoverWallets(window);
  return discovery;
}

/** The wallets of this browser while a page shows them, and the way to look again. */
export function useBrowserWallets(): { wallets: readonly FoundWallet[]; look: () => void } {
  const { subscribe, wallets, look } = ofThisPage();
  return { wallets: useSyncExternalStore(subscribe, wallets), look };
}

/** What a browser wallet lets a page ask it (EIP-1193). What it answers is a stranger's word: check its form. */
export interface WalletProvider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

/** A wallet that announced itself. Name and picture are its own words. */
export interface FoundWallet {
  /** Tells wallets apart on this page. */
  id: string;
  /** Null where the wallet is there but did not say what it is called. */
  name: string | null;
  /** A picture within the page's rules, or null. */
  icon: string | null;
  provider: WalletProvider;
}

/** What the discovery listens to and speaks through: the window, or a stand-in of a test. */
export interface WalletSurroundings extends Pick<
  EventTarget,
  'addEventListener' | 'removeEventListener' | 'dispatchEvent'
> {
  /** Where wallets stood before they could announce themselves. */
  ethereum?: unknown;
}

/** The wallets of this browser, as they turn up. */
export interface WalletDiscovery {
  /** The same list until it changes. */
  wallets: () => readonly FoundWallet[];
  /** Hears of every change. Returns how to stop; when nobody listens, announcements are not heard either. */
  subscribe: (listener: () => void) => () => void;
  /** Asks all wallets to announce themselves once more. */
  look: () => void;
}

const announcing = 'eip6963:announceProvider';
const asking = 'eip6963:requestProvider';

/** Only pictures that come with the announcement: the page loads nothing from anywhere, and no wallet learns who looks at it. */
const iconForm = /^data:image\/(?:png|webp|svg\+xml)[;,]/;
/** Larger than any logo; a page that draws megabytes is slow. */
const iconLengthMost = 200_000;
const nameLengthMost = 60;
/** More than anybody installs; a script that announces without end fills no memory. */
const walletsMost = 30;

/**
 * Finds the browser's wallets as EIP-6963 has it: each announces itself when asked, and whenever it comes up later. A wallet that
 * announces itself again is still one, and none can take the place of another by giving its id. Where nobody does, the one
 * provider of the older way stands in.
 */
export function discoverWallets(surroundings: WalletSurroundings): WalletDiscovery {
  const announced = new Map<string, FoundWallet>();
  const listeners = new Set<() => void>();
  let list: readonly FoundWallet[] = [];

  function refresh() {
    const found = [...announced.values()];
    list = found.length > 0 ? found : older(surroundings.ethereum);
    listeners.forEach((listener) => listener());
  }
  function hear(event: Event) {
    const wallet = readAnnouncement(event);
    if (!wallet || announced.has(wallet.id) || announced.size >= walletsMost) return;
    announced.set(wallet.id, wallet);
    refresh();
  }
  function look() {
    surroundings.dispatchEvent(new Event(asking));
    refresh();
  }
  return {
    wallets: () => list,
    look,
    subscribe(listener) {
      if (listeners.size === 0) surroundings.addEventListener(announcing, hear);
      listeners.add(listener);
      look();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) surroundings.removeEventListener(announcing, hear);
      };
    },
  };
}

/** Reads an announcement; null when it is none, whatever it holds. */
export function readAnnouncement(event: Event): FoundWallet | null {
  const detail: unknown = 'detail' in event ? event.detail : null;
  if (!isRecord(detail) || !isRecord(detail['info']) || !isProvider(detail['provider'])) return null;
  const { uuid, name, icon } = detail['info'];
  if (typeof uuid !== 'string' || uuid === '') return null;
  return { id: uuid, name: readName(name), icon: readIcon(icon), provider: detail['provider'] };
}

function older(ethereum: unknown): readonly FoundWallet[] {
  return isProvider(ethereum) ? [{ id: 'window', name: null, icon: null, provider: ethereum }] : [];
}

/** One line that shows what it holds: no marks that turn the direction of what follows. */
function readName(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const plain = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  return plain === '' ? null : plain.slice(0, nameLengthMost);
}

function readIcon(icon: unknown): string | null {
  if (typeof icon !== 'string') return null;
  const trimmed = icon.trim();
  return iconForm.test(trimmed) && trimmed.length <= iconLengthMost ? trimmed : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isProvider(value: unknown): value is WalletProvider {
  return isRecord(value) && typeof value['request'] === 'function';
}

import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import { formatMoment } from '../../format/time.ts';
import type { Text } from '../../i18n/text.ts';

/** What people call a chain. */
export function networkName(chainId: number, t: Text): string {
  return t.maybe(`wallet.network.${chainId}`) ?? t('wallet.network.other', { id: String(chainId) });
}

/** What is said once a wallet is linked: at once, or from when. */
export function linkedText(wallet: Wallet, t: Text): string {
  if (wallet.usableFrom === wallet.linkedAt) return t('wallet.linked');
  return t('wallet.linkedLater', { time: formatMoment(wallet.usableFrom, t.locale) });
}

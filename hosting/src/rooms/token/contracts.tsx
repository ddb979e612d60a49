import { useText } from '../../i18n/text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { TokenView } from './token.tsx';

/** Which chain, and the addresses of both contracts in full: they are what everything else is checked against. */
export function Contracts({ token }: { token: TokenView }) {
  const t = useText();
  const { explorerUrl } = token;
  const contracts = [
    { name: t('token.contract.token'), address: token.address },
    { name: t('token.contract.distributor'), address: token.distributor },
  ];
  return (
    <section className="card stack" aria-labelledby="token-contracts">
      <h2 id="token-contracts">{t('token.contracts')}</h2>
      <p className="soft">{t('token.contractsText', { chain: String(token.chainId) })}</p>
      <dl className="token-facts">
        {contracts.map(({ name, address }) => (
          <div key={address}>
            <dt>{name}</dt>
            <dd className="row">
              {explorerUrl === null ? (
                <code className="mono">{address}</code>
              ) : (
                <a className="mono" href={`${explorerUrl}/address/${address}`} target="_blank" rel="noreferrer">
                  {address}
                </a>
              )}
              <CopyButton text={address} what={name} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

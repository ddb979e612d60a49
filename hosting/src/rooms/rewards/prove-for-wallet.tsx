import { useText } from '../../i18n/text.ts';
import { ApiError } from '../../api/errors.ts';
import { ProveIdentity } from '../account/prove-identity.tsx';

/** True when the server wants to see a fresh sign-in before it goes on. */
export function wantsProof(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'auth.recent_sign_in_required';
}

/** Asks the member to sign in once more before a wallet is linked or unlinked. */
export function ProveForWallet(props: { proven: () => void }) {
  const t = useText();
  return (
    <ProveIdentity
      proven={props.proven}
      words={{
        confirm: t('prove.confirm'),
        linkSent: (email) => t('prove.linkBack', { email }),
        returnTo: '/rewards',
        look: 'main',
      }}
    />
  );
}

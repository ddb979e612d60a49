import { expect } from 'chai';
import { makeRoleCall, roleCallUsage } from '../../scripts/role-calls.ts';
import { addresses, launchedWorld, networkHelpers } from '../support/world.ts';

const [account = ''] = addresses(1);

/** A launched world, and what sends a call of the runbook as whoever must send it. */
async function withCalls() {
  const world = await networkHelpers.loadFixture(launchedWorld);
  const at = {
    launch: account,
    token: await world.token.getAddress(),
    distributor: await world.distributor.getAddress(),
  };
  const send = async (name: string, ...words: string[]): Promise<void> => {
    const { to, data, sender } = makeRoleCall(at, name, words);
    await world[sender].sendTransaction({ to, data });
  };
  return { ...world, at, send };
}

describe('the calls of the runbook', () => {
  it('set limits in whole DOTM', async () => {
    const { distributor, send } = await withCalls();
    await send('set-limits', '20000', '500.25');
    expect(await distributor.dailyLimitMicro()).to.equal(20_000_000_000n);
    expect(await distributor.entryCeilingMicro()).to.equal(500_250_000n);
  });

  it('stop payments as the guardian and start them as the admin', async () => {
    const { distributor, send } = await withCalls();
    await send('pause');
    expect(await distributor.paused()).to.equal(true);
    await send('unpause');
    expect(await distributor.paused()).to.equal(false);
  });

  for (const role of ['operator', 'guardian', 'minter'] as const) {
    it(`give and take the role of ${role}`, async () => {
      const { token, distributor, send } = await withCalls();
      const holds = async (): Promise<boolean> => {
        if (role === 'minter') return token.hasRole(await token.MINTER_ROLE(), account);
        const id = role === 'operator' ? distributor.OPERATOR_ROLE() : distributor.GUARDIAN_ROLE();
        return distributor.hasRole(await id, account);
      };
      await send(`grant-${role}`, account);
      expect(await holds()).to.equal(true);
      await send(`revoke-${role}`, account);
      expect(await holds()).to.equal(false);
    });
  }

  it('are refused when a word is missing, mistyped or too much', async () => {
    const { at } = await withCalls();
    expect(() => makeRoleCall(at, 'set-limits', ['1'])).to.throw('usage: set-limits');
    expect(() => makeRoleCall(at, 'pause', ['now'])).to.throw('usage: pause');
    expect(() => makeRoleCall(at, 'set-limits', ['many', '1'])).to.throw('invalid FixedNumber');
    expect(() => makeRoleCall(at, 'grant-operator', [account.toLowerCase()])).to.throw('has no checksum');
    expect(() => makeRoleCall(at, 'grant-operator', ['dotm.eth'])).to.throw('invalid address');
    expect(() => makeRoleCall(at, 'mint', [])).to.throw('unknown call mint');
    expect(roleCallUsage()).to.have.length(9);
  });
});

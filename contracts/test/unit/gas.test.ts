import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { addresses, CEILING, give, launchedWorld, networkHelpers, pack } from '../support/world.ts';

/** How many entries the figures are for; the fixed part of a transaction is shared among them. */
const ENTRIES = 200;

/** What the project promises, for each recipient of a batch of 200. */
const PROMISED = { newHolder: 25_400, existingHolder: 8_300 } as const;

const SNAPSHOT = path.resolve(import.meta.dirname, '../../gas-snapshot.json');

type Gas = Record<'launch' | 'newHolder' | 'existingHolder' | 'transfer', number>;

/** Measures in a world where an earlier batch has touched the slot of neighbouring ids, as nearly always. */
async function measure(): Promise<Gas> {
  const world = await networkHelpers.loadFixture(launchedWorld);
  const { token, distributor, operator, member, stranger } = world;
  const granted = await token.queryFilter(token.filters.RoleGranted());
  const launch = await granted[0]?.getTransactionReceipt();
  await give(world, member.address, CEILING, 0n);
  // Amounts as members have them: 10.33 % of 20.00 USD and about that.
  const entries = addresses(ENTRIES).map((address, index) => pack(address, 2_066_000n + BigInt(index)));
  const first = await (await distributor.connect(operator).distribute(1n, entries)).wait();
  const second = await (await distributor.connect(operator).distribute(2n, entries)).wait();
  const transfer = await (await token.connect(member).transfer(stranger, 1n)).wait();
  return {
    launch: Number(launch?.gasUsed),
    newHolder: Number(first?.gasUsed) / ENTRIES,
    existingHolder: Number(second?.gasUsed) / ENTRIES,
    transfer: Number(transfer?.gasUsed),
  };
}

describe('gas', () => {
  before(function () {
    // Instrumented or otherwise compiled code costs something else.
    if (process.env['DOTM_CODE'] === 'altered') this.skip();
  });

  it('a recipient costs no more than was promised', async () => {
    const gas = await measure();
    expect(gas.newHolder).to.be.at.most(PROMISED.newHolder);
    expect(gas.existingHolder).to.be.at.most(PROMISED.existingHolder);
  });

  it('costs exactly what gas-snapshot.json says: run `npm run gas -w contracts` when a change is wanted', async () => {
    const gas = await measure();
    if (process.env['DOTM_GAS'] === 'write') writeFileSync(SNAPSHOT, `${JSON.stringify(gas, null, 2)}\n`);
    expect(gas).to.deep.equal(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
  });
});

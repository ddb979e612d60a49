import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';

/**
 * Launches token and distributor in one transaction (see DotmLaunch.sol). Takes the parameter `terms`, which
 * `launch-terms.ts` makes and checks. Run it through `npm run launch -w contracts -- <network>`.
 */
export default buildModule('DotmLaunch', (m) => {
  const launch = m.contract('DotmLaunch', [m.getParameter('terms')]);
  const token = m.contractAt('DotmToken', m.readEventArgument(launch, 'Launched', 'token'));
  const distributor = m.contractAt('RewardDistributor', m.readEventArgument(launch, 'Launched', 'distributor'));
  return { launch, token, distributor };
});

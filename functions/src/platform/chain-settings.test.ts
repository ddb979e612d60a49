import { expect, it } from 'vitest';
import { readChainSettings, type ChainSettingsText } from './chain-settings.ts';

const text: ChainSettingsText = {
  chainId: '11155111',
  token: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  distributor: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  startBlock: 12,
  confirmations: 'finalized',
  explorerUrl: 'https://sepolia.etherscan.io/',
  maxFeeGwei: '12.5',
  gasPerEntry: 27_000,
  runBudgetDotm: '50000',
  approvalAboveDotm: '0.000001',
};

it('the chain’s settings are read exactly: addresses in one spelling, amounts without a float', () => {
  expect(readChainSettings(text)).toEqual({
    chainId: 11_155_111,
    token: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
    distributor: '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512',
    startBlock: 12,
    confirmations: 'finalized',
    explorerUrl: 'https://sepolia.etherscan.io',
    maxFeeWei: 12_500_000_000n,
    gasPerEntry: 27_000,
    runBudgetMicro: 50_000_000_000n,
    approvalAboveMicro: 1n,
  });
  expect(readChainSettings({ ...text, confirmations: '3' })?.confirmations).toBe(3);
});

it('without a chain there are none, whatever else is set', () => {
  expect(readChainSettings({ ...text, chainId: ' ' })).toBeNull();
});

it.each([
  ['CHAIN_ID', { chainId: 'mainnet' }],
  ['CHAIN_TOKEN', { token: '' }],
  ['CHAIN_DISTRIBUTOR', { distributor: '0x12' }],
  ['CHAIN_CONFIRMATIONS', { confirmations: '0' }],
  ['CHAIN_CONFIRMATIONS', { confirmations: 'soon' }],
  ['CHAIN_MAX_FEE_GWEI', { maxFeeGwei: '-1' }],
  ['CHAIN_MAX_FEE_GWEI', { maxFeeGwei: '1.0000000001' }],
  ['REWARD_RUN_BUDGET_DOTM', { runBudgetDotm: '1.0000001' }],
  ['REWARD_APPROVAL_ABOVE_DOTM', { approvalAboveDotm: '' }],
])('what is wrong with %s is said by its name', (name, change) => {
  expect(() => readChainSettings({ ...text, ...change })).toThrow(name);
});

import { createRequire } from 'node:module';
import hardhatEthers from '@nomicfoundation/hardhat-ethers';
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers';
import hardhatIgnitionEthers from '@nomicfoundation/hardhat-ignition-ethers';
import hardhatKeystore from '@nomicfoundation/hardhat-keystore';
import hardhatMocha from '@nomicfoundation/hardhat-mocha';
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers';
import hardhatTypechain from '@nomicfoundation/hardhat-typechain';
import hardhatVerify from '@nomicfoundation/hardhat-verify';
import { configVariable, defineConfig } from 'hardhat/config';

/** Code with a fault put in on purpose (scripts/find-mutants.ts) is compiled many times and never paid for: quickly, then. */
const isAltered = process.env['DOTM_CODE'] === 'altered';

/**
 * The compiler from npm, so that nothing is downloaded while compiling. One setting for tests and for the real thing: a test of
 * other code than what is deployed would prove little, and gas would not be that of members.
 */
const compiler = {
  version: '0.8.37',
  path: createRequire(import.meta.url).resolve('solc/soljson.js'),
  settings: {
    optimizer: { enabled: !isAltered, runs: 10_000 },
    // 440 gas less for each recipient, for twice the time of compiling.
    viaIR: !isAltered,
    evmVersion: 'prague',
  },
};

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatIgnitionEthers,
    hardhatKeystore,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatTypechain,
    hardhatVerify,
  ],
  solidity: { profiles: { default: compiler, production: { ...compiler, isolated: false } } },
  paths: { tests: { mocha: './test/unit', solidity: './test/solidity' } },
  // Written here and copied into bindings/, which is committed (scripts/write-bindings.ts).
  typechain: { outDir: './cache/typechain' },
  test: {
    // A seed that is written down: a run that fails on one machine fails on all of them.
    solidity: { fuzz: { runs: 256, seed: '0xd07' }, invariant: { runs: 32, depth: 128 } },
  },
  networks: {
    local: {
      type: 'http',
      chainType: 'l1',
      url: process.env['LOCAL_RPC_URL'] ?? 'http://127.0.0.1:4545',
    },
    sepolia: {
      type: 'http',
      chainType: 'l1',
      chainId: 11_155_111,
      url: configVariable('SEPOLIA_RPC_URL'),
      accounts: [configVariable('SEPOLIA_DEPLOYER_KEY')],
    },
    mainnet: {
      type: 'http',
      chainType: 'l1',
      chainId: 1,
      url: configVariable('MAINNET_RPC_URL'),
      accounts: [configVariable('MAINNET_DEPLOYER_KEY')],
    },
  },
  verify: { etherscan: { apiKey: configVariable('ETHERSCAN_API_KEY') } },
});

/** One fault that somebody could make, put into the source as a replacement. */
export interface Mutant {
  /** What the fault does, as one would say it in a review. */
  readonly fault: string;
  readonly file: 'DotmToken.sol' | 'RewardDistributor.sol' | 'DotmLaunch.sol';
  /** Must stand in the file; every place is replaced. */
  readonly from: string;
  readonly to: string;
}

const token = (fault: string, from: string, to: string): Mutant => ({ fault, file: 'DotmToken.sol', from, to });
const distributor = (fault: string, from: string, to: string): Mutant => ({
  fault,
  file: 'RewardDistributor.sol',
  from,
  to,
});

/** The faults that the tests must catch: each takes one guard away or moves it by a little. */
export const MUTANTS: readonly Mutant[] = [
  token('the cap is not checked', 'super._update(from, to, value)', 'ERC20._update(from, to, value)'),
  token('anybody mints', 'external onlyRole(MINTER_ROLE)', 'external'),
  token('a micro-DOTM is ten of them', 'MICRO_DOTM = 1e12', 'MICRO_DOTM = 1e13'),
  token('large amounts are cut off', 'uint256(uint96(entry))', 'uint256(uint64(entry))'),
  token('the last entry is forgotten', 'i < count', 'i + 1 < count'),
  token('a token without a minter', 'if (minter == address(0)) revert MinterMissing();', ''),
  distributor('a paid batch is not noted', '_paid[batchId >> 8] = bits | bit;', ''),
  distributor('noting a batch forgets its neighbours', '= bits | bit;', '= bit;'),
  distributor('two batches share a note', 'batchId & 0xff', 'batchId & 0x7f'),
  distributor('anybody pays', 'external onlyRole(OPERATOR_ROLE) whenNotPaused', 'external whenNotPaused'),
  distributor('a pause stops nothing', ' whenNotPaused {', ' {'),
  distributor(
    'the guardian starts payments again',
    'unpause() external onlyRole(DEFAULT_ADMIN_ROLE)',
    'unpause() external onlyRole(GUARDIAN_ROLE)',
  ),
  distributor('anybody stops payments', 'pause() external onlyRole(GUARDIAN_ROLE)', 'pause() external'),
  distributor(
    'anybody sets limits',
    'uint64 entryCeilingMicro_) external onlyRole(DEFAULT_ADMIN_ROLE)',
    'uint64 entryCeilingMicro_) external',
  ),
  distributor('the ceiling itself is refused', 'amount > ceiling', 'amount >= ceiling'),
  distributor('the ceiling is not checked', 'if (amount > ceiling) revert EntryAboveCeiling(i, amount, ceiling);', ''),
  distributor('entries of nothing are paid', 'if (amount == 0) revert EntryZero(i);', ''),
  distributor('a batch has no largest size', 'count == 0 || count > MAX_ENTRIES', 'count == 0'),
  distributor('the limit counts only the last entry', 'totalMicro += amount', 'totalMicro = amount'),
  distributor('the limit lets one micro-DOTM more through', 'totalMicro > leftMicro)', 'totalMicro > leftMicro + 1)'),
  distributor('what is paid does not use up the limit', '_store(leftMicro - totalMicro)', '_store(leftMicro)'),
  distributor('the limit saves up without end', 'left < limit ? left : limit', 'left'),
  distributor('the limit refills in 23 hours', '/ 1 days', '/ 23 hours'),
  distributor('time is counted again with each batch', '_refilledAt = uint48(block.timestamp);', ''),
  distributor('a new limit is there at once', '_store(leftNowMicro());', '_store(dailyLimitMicro_);'),
  distributor(
    'limits may be of any size',
    'entryCeilingMicro_ > dailyLimitMicro_ || dailyLimitMicro_ > capMicro',
    'false',
  ),
  distributor('the proof is a hash of something else', 'abi.encodePacked(entries)', 'abi.encode(entries)'),
  {
    fault: 'operator and guardian are mixed up',
    file: 'DotmLaunch.sol',
    from: 'terms.operator,\n            terms.guardian,',
    to: 'terms.guardian,\n            terms.operator,',
  },
];

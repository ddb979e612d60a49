// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {DotmToken} from "./DotmToken.sol";

/**
 * @title Pays rewards: the only minter of {DotmToken}.
 * @notice Bounds what a stolen operator key can do. A batch is paid once; no entry is above a ceiling; all entries together stay
 * within a limit that refills over a day; the guardian stops everything with one call, and only the admin starts it again.
 * @dev All amounts are in micro-DOTM (1e12 wei). Their names end in `Micro`, except inside packed entries.
 */
contract RewardDistributor is AccessControlDefaultAdminRules, Pausable {
    /// @notice Who may pay: the hot key of the scheduled distribution.
    bytes32 public constant OPERATOR_ROLE = keccak256("OPERATOR_ROLE");

    /// @notice Who may stop payments. It can't start them again, nor pay.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    /// @notice Most entries of one batch. 500 new holders cost about 12.7 of the 16.7 million gas that a transaction may use (EIP-7825).
    uint256 public constant MAX_ENTRIES = 500;

    /// @notice The token that is paid.
    DotmToken public immutable token;

    // The next four share one storage slot with the flag of Pausable, which stands right before them: a batch then reads one
    // slot instead of three. 64 bits of micro-DOTM hold more than a million times the cap.
    uint48 private _refilledAt;
    uint64 private _leftMicro;

    /// @notice Most that may be paid at once after a quiet day, and also how much refills in a day.
    uint64 public dailyLimitMicro;

    /// @notice Most for one entry: a tripwire for mistakes of unit.
    uint64 public entryCeilingMicro;

    /// @dev One bit for each batch id. Ids come from one sequence, so 256 neighbours share a slot.
    mapping(uint256 word => uint256 bits) private _paid;

    /**
     * @notice A batch was paid. The sender takes this, with this hash, as the only proof.
     * @param batchId The number of the batch in the sender's books.
     * @param entriesHash `keccak256` of all entries, 32 bytes each, one after the other.
     * @param entries How many entries it had.
     * @param totalMicro Their sum in micro-DOTM.
     */
    event BatchPaid(uint256 indexed batchId, bytes32 indexed entriesHash, uint256 entries, uint256 totalMicro);

    /// @notice The admin set new limits, or the contract was made with these.
    event LimitsSet(uint64 dailyLimitMicro, uint64 entryCeilingMicro);

    /// @notice A role would be held by nobody.
    error AccountMissing(bytes32 role);

    /// @notice The batch was paid before; nothing is owed for it.
    error BatchAlreadyPaid(uint256 batchId);

    /// @notice A batch has between 1 and `most` entries.
    error BadBatchSize(uint256 entries, uint256 most);

    /// @notice The entry at `index` pays nothing, which is always a mistake of the sender.
    error EntryZero(uint256 index);

    /// @notice The entry at `index` is above the ceiling.
    error EntryAboveCeiling(uint256 index, uint256 amountMicro, uint256 ceilingMicro);

    /// @notice The batch is larger than what the limit has left now.
    error DailyLimitExceeded(uint256 totalMicro, uint256 leftMicro);

    /// @notice Limits must ascend: ceiling of an entry <= daily limit <= cap of the token. Catches wei given for micro-DOTM.
    error BadLimits(uint256 entryCeilingMicro, uint256 dailyLimitMicro, uint256 capMicro);

    /**
     * @param token_ The token; this contract must be one of its minters.
     * @param admin Sets limits and roles, unpauses; hands its role on in two steps.
     * @param adminDelay Seconds that must pass before a new admin may accept.
     * @param operator The first operator.
     * @param guardian The first guardian.
     * @param dailyLimitMicro_ See {dailyLimitMicro}. All of it is there from the start.
     * @param entryCeilingMicro_ See {entryCeilingMicro}.
     */
    constructor(
        DotmToken token_,
        address admin,
        uint48 adminDelay,
        address operator,
        address guardian,
        uint64 dailyLimitMicro_,
        uint64 entryCeilingMicro_
    ) AccessControlDefaultAdminRules(adminDelay, admin) {
        if (operator == address(0)) revert AccountMissing(OPERATOR_ROLE);
        if (guardian == address(0)) revert AccountMissing(GUARDIAN_ROLE);
        token = token_;
        _grantRole(OPERATOR_ROLE, operator);
        _grantRole(GUARDIAN_ROLE, guardian);
        _leftMicro = dailyLimitMicro_;
        _setLimits(dailyLimitMicro_, entryCeilingMicro_);
    }

    /**
     * @notice Pays all entries of a batch, or none.
     * @dev Sending the same batch again is safe: it reverts with {BatchAlreadyPaid}.
     * @param batchId Any number that was not used before.
     * @param entries Each word is `recipient << 96 | amount in micro-DOTM`, as {DotmToken-mintBatch} takes it.
     */
    function distribute(uint256 batchId, uint256[] calldata entries) external onlyRole(OPERATOR_ROLE) whenNotPaused {
        _markPaid(batchId);
        uint256 totalMicro = _sumOf(entries);
        uint256 leftMicro = leftNowMicro();
        if (totalMicro > leftMicro) revert DailyLimitExceeded(totalMicro, leftMicro);
        unchecked {
            // Not below zero: checked above. Not above 64 bits: what is left is at most the limit.
            _store(leftMicro - totalMicro);
        }
        emit BatchPaid(batchId, keccak256(abi.encodePacked(entries)), entries.length, totalMicro);
        token.mintBatch(entries);
    }

    /// @notice Stops all payments at once.
    function pause() external onlyRole(GUARDIAN_ROLE) {
        _pause();
    }

    /// @notice Lets payments go on, after the cause was found.
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    /**
     * @notice Sets both limits. A higher daily limit fills up over the next day and gives nothing at once; a lower one cuts
     * what is left.
     */
    function setLimits(uint64 dailyLimitMicro_, uint64 entryCeilingMicro_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        // What refilled until now did so at the old rate; {leftNowMicro} keeps it below the new limit.
        _store(leftNowMicro());
        _setLimits(dailyLimitMicro_, entryCeilingMicro_);
    }

    /// @notice Tells whether this batch id was paid.
    function isPaid(uint256 batchId) external view returns (bool) {
        return _paid[batchId >> 8] & (1 << (batchId & 0xff)) != 0;
    }

    /**
     * @notice How much may be paid now.
     * @dev It refills evenly, a whole limit in a day, up to one limit. Hence no 24 hours see more than two limits: one that was
     * saved up and one that refilled.
     */
    function leftNowMicro() public view returns (uint256) {
        uint256 limit = dailyLimitMicro;
        uint256 left = _leftMicro + ((block.timestamp - _refilledAt) * limit) / 1 days;
        return left < limit ? left : limit;
    }

    /// @dev Uses up the batch id, or reverts.
    function _markPaid(uint256 batchId) private {
        uint256 bit = 1 << (batchId & 0xff);
        uint256 bits = _paid[batchId >> 8];
        if (bits & bit != 0) revert BatchAlreadyPaid(batchId);
        _paid[batchId >> 8] = bits | bit;
    }

    /// @dev Checks every entry and returns their sum.
    function _sumOf(uint256[] calldata entries) private view returns (uint256 totalMicro) {
        uint256 count = entries.length;
        if (count == 0 || count > MAX_ENTRIES) revert BadBatchSize(count, MAX_ENTRIES);
        uint256 ceiling = entryCeilingMicro;
        for (uint256 i = 0; i < count; ++i) {
            uint256 amount = uint96(entries[i]);
            if (amount == 0) revert EntryZero(i);
            if (amount > ceiling) revert EntryAboveCeiling(i, amount, ceiling);
            unchecked {
                // At most 500 times 64 bits.
                totalMicro += amount;
            }
        }
    }

    /// @dev Notes what is left as of now. The caller keeps it at or below a limit, hence within 64 bits.
    function _store(uint256 leftMicro) private {
        _leftMicro = uint64(leftMicro);
        _refilledAt = uint48(block.timestamp);
    }

    function _setLimits(uint64 dailyLimitMicro_, uint64 entryCeilingMicro_) private {
        uint256 capMicro = token.MAX_SUPPLY() / token.MICRO_DOTM();
        if (entryCeilingMicro_ > dailyLimitMicro_ || dailyLimitMicro_ > capMicro) {
            revert BadLimits(entryCeilingMicro_, dailyLimitMicro_, capMicro);
        }
        dailyLimitMicro = dailyLimitMicro_;
        entryCeilingMicro = entryCeilingMicro_;
        emit LimitsSet(dailyLimitMicro_, entryCeilingMicro_);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/**
 * @title DOTM, the token that members earn.
 * @notice At most 10,333,333 DOTM can ever exist. Nobody can pause, take back, freeze or burn what a member holds, and the code
 * can't be replaced. New tokens come from accounts with `MINTER_ROLE` only: in practice the {RewardDistributor}.
 * @dev There is no burn on purpose: burning would make room under the cap, and what was minted could be minted again.
 * The admin can name and remove minters and nothing else; its own role moves in two steps, with a delay in between.
 */
contract DotmToken is ERC20, ERC20Capped, ERC20Permit, AccessControlDefaultAdminRules {
    /// @notice Who may mint.
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @notice The most that can ever exist, in wei of DOTM.
    uint256 public constant MAX_SUPPLY = 10_333_333e18;

    /// @notice Wei in one micro-DOTM, the unit of batches: 10.33 % of one cent is exactly 1,033 of them.
    uint256 public constant MICRO_DOTM = 1e12;

    /// @notice The token would be born without anybody who can mint.
    error MinterMissing();

    /**
     * @param admin Names minters; hands its role on in two steps.
     * @param adminDelay Seconds that must pass before a new admin may accept.
     * @param minter The first minter. It may be a contract that does not exist yet (see {DotmLaunch}).
     */
    constructor(
        address admin,
        uint48 adminDelay,
        address minter
    )
        ERC20("DOTM", "DOTM")
        ERC20Capped(MAX_SUPPLY)
        ERC20Permit("DOTM")
        AccessControlDefaultAdminRules(adminDelay, admin)
    {
        if (minter == address(0)) revert MinterMissing();
        _grantRole(MINTER_ROLE, minter);
    }

    /**
     * @notice Mints to many at once; all of it or nothing.
     * @dev One word for each recipient, so that a batch costs little more than its storage and its logs. An address may stand
     * in a batch more than once. Reverts with `ERC20ExceededCap` above {MAX_SUPPLY} and with `ERC20InvalidReceiver` on the zero
     * address.
     * @param entries Each word is `recipient << 96 | amount`, the amount in micro-DOTM ({MICRO_DOTM}).
     */
    function mintBatch(uint256[] calldata entries) external onlyRole(MINTER_ROLE) {
        uint256 count = entries.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 entry = entries[i];
            unchecked {
                // An amount has 96 bits and 1e12 has 40: their product can't pass 256.
                _mint(address(uint160(entry >> 96)), uint256(uint96(entry)) * MICRO_DOTM);
            }
        }
    }

    /// @dev Every change of a balance comes through here, so the cap of {ERC20Capped} holds on every path there is.
    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}

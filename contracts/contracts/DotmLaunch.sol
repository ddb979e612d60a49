// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DotmToken} from "./DotmToken.sol";
import {RewardDistributor} from "./RewardDistributor.sol";

/**
 * @title Makes the token and its distributor in one transaction.
 * @notice Token and distributor need each other's address. Made one after the other by a person, one of them would be incomplete
 * for a while, and somebody would hold a power to complete it. Made here, both are whole from their first block, and whoever sent
 * the transaction holds nothing.
 * @dev This contract can do nothing after its constructor. A later distributor is made by itself; the admin of the token then
 * gives it `MINTER_ROLE`.
 */
contract DotmLaunch {
    /// @notice Who gets which power, and the first limits.
    struct Terms {
        address admin;
        address operator;
        address guardian;
        uint48 adminDelay;
        uint64 dailyLimitMicro;
        uint64 entryCeilingMicro;
    }

    /// @notice The token.
    DotmToken public immutable token;

    /// @notice Its only minter.
    RewardDistributor public immutable distributor;

    /// @notice Both were made.
    event Launched(DotmToken token, RewardDistributor distributor);

    /// @notice The distributor is not where the token expects its minter; the launch is undone.
    error DistributorElsewhere(address expected, address actual);

    /// @param terms See {Terms}. No address may be zero.
    constructor(Terms memory terms) {
        address expected = _secondChild();
        token = new DotmToken(terms.admin, terms.adminDelay, expected);
        distributor = new RewardDistributor(
            token,
            terms.admin,
            terms.adminDelay,
            terms.operator,
            terms.guardian,
            terms.dailyLimitMicro,
            terms.entryCeilingMicro
        );
        if (address(distributor) != expected) revert DistributorElsewhere(expected, address(distributor));
        emit Launched(token, distributor);
    }

    /// @dev The address of the second contract that this one creates: RLP of its own address and the nonce 2 (EIP-161 starts at 1).
    function _secondChild() private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"02")))));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The cheat codes that our tests use; the test runner answers them at a fixed address.
interface Vm {
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata data) external;
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

/// @dev The few assertions that our tests need. A failed one reverts, which fails the test.
abstract contract Checks {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotTrue(string what);
    error NotEqual(string what, uint256 actual, uint256 expected);

    function isTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function isEqual(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert NotEqual(what, actual, expected);
    }

    /// @dev Maps any number into [low, high].
    function within(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + (value % (high - low + 1));
    }

    /// @dev Packs one entry of a batch.
    function pack(address to, uint256 amountMicro) internal pure returns (uint256) {
        return (uint256(uint160(to)) << 96) | amountMicro;
    }

    /// @dev A batch of one entry.
    function one(address to, uint256 amountMicro) internal pure returns (uint256[] memory entries) {
        entries = new uint256[](1);
        entries[0] = pack(to, amountMicro);
    }
}

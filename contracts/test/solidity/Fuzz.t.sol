// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";

import {DotmToken} from "../../contracts/DotmToken.sol";
import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {Checks} from "./Checks.sol";

/// @dev What must hold for every amount, recipient, time and caller. This contract is the admin.
contract FuzzTest is Checks {
    uint64 private constant CAP_MICRO = 10_333_333e6;
    address private constant OPERATOR = address(0xA11CE);
    address private constant GUARDIAN = address(0x6A4D);
    address private constant MEMBER = address(0xBEEF);

    DotmToken private token;
    RewardDistributor private distributor;

    function setUp() public {
        token = new DotmToken(address(this), 1 days, address(this));
        distributor = new RewardDistributor(token, address(this), 1 days, OPERATOR, GUARDIAN, CAP_MICRO, CAP_MICRO);
        token.grantRole(token.MINTER_ROLE(), address(distributor));
    }

    function pay(uint256 batchId, uint256[] memory entries) private {
        vm.prank(OPERATOR);
        distributor.distribute(batchId, entries);
    }

    /// @dev cents x basis points micro-DOTM is the exact percentage of the dollars, at one DOTM for one dollar.
    function testFuzz_AnyPercentageOfAnyPriceIsPaidExactly(uint40 cents_, uint16 basisPoints_) public {
        uint256 cents = within(cents_, 1, 5_000_000);
        uint256 basisPoints = within(basisPoints_, 1, 10_000);
        pay(0, one(MEMBER, cents * basisPoints));
        isEqual(token.balanceOf(MEMBER) * 100 * 10_000, cents * basisPoints * 1e18, "reward");
    }

    function testFuzz_EachEntryReachesItsRecipientAndNobodyElse(address[5] memory to, uint40[5] memory amounts) public {
        uint256[] memory entries = new uint256[](5);
        uint256 total;
        for (uint256 i = 0; i < 5; ++i) {
            vm.assume(to[i] != address(0));
            uint256 amount = within(amounts[i], 1, CAP_MICRO / 5);
            entries[i] = pack(to[i], amount);
            total += amount;
        }
        pay(7, entries);
        isEqual(token.totalSupply(), total * 1e12, "supply");
        for (uint256 i = 0; i < 5; ++i) {
            uint256 expected;
            for (uint256 j = 0; j < 5; ++j) if (to[j] == to[i]) expected += uint96(entries[j]) * 1e12;
            isEqual(token.balanceOf(to[i]), expected, "balance");
        }
    }

    function testFuzz_ABatchIdIsPaidOnce(uint256 batchId, uint256 other) public {
        vm.assume(batchId != other);
        pay(batchId, one(MEMBER, 1));
        isTrue(distributor.isPaid(batchId), "not noted");
        isTrue(!distributor.isPaid(other), "another id noted");
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.BatchAlreadyPaid.selector, batchId));
        distributor.distribute(batchId, one(MEMBER, 2));
        pay(other, one(MEMBER, 1));
        isEqual(token.balanceOf(MEMBER), 2e12, "paid once each");
    }

    function testFuzz_AnEntryAboveTheCeilingStopsTheBatch(uint96 amount_, uint8 at_) public {
        distributor.setLimits(CAP_MICRO, 1_000e6);
        uint256 amount = within(amount_, 1_000e6 + 1, type(uint96).max);
        uint256 place = within(at_, 0, 4);
        uint256[] memory entries = new uint256[](5);
        for (uint256 i = 0; i < 5; ++i) entries[i] = pack(MEMBER, i == place ? amount : 1_000e6);
        vm.prank(OPERATOR);
        vm.expectRevert(
            abi.encodeWithSelector(RewardDistributor.EntryAboveCeiling.selector, place, amount, uint256(1_000e6))
        );
        distributor.distribute(0, entries);
    }

    function testFuzz_AnEntryOfNothingStopsTheBatch(uint8 at_) public {
        uint256 place = within(at_, 0, 4);
        uint256[] memory entries = new uint256[](5);
        for (uint256 i = 0; i < 5; ++i) entries[i] = pack(MEMBER, i == place ? 0 : 7);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.EntryZero.selector, place));
        distributor.distribute(0, entries);
    }

    function testFuzz_TheLimitRefillsEvenlyAndNeverOverflows(uint32 elapsed_, uint64 spent_) public {
        uint256 limit = 86_400e6;
        distributor.setLimits(uint64(limit), uint64(limit));
        uint256 spent = within(spent_, 1, limit);
        pay(0, one(MEMBER, spent));
        uint256 elapsed = within(elapsed_, 0, 3 days);
        vm.warp(block.timestamp + elapsed);
        uint256 expected = limit - spent + elapsed * 1e6;
        isEqual(distributor.leftNowMicro(), expected < limit ? expected : limit, "refill");
    }

    function testFuzz_NothingAboveTheLimitIsPaid(uint64 limit_, uint64 amount_) public {
        uint256 limit = within(limit_, 1, CAP_MICRO / 2);
        uint256 amount = within(amount_, limit + 1, CAP_MICRO);
        distributor.setLimits(uint64(limit), uint64(limit));
        uint256[] memory entries = new uint256[](3);
        entries[0] = pack(MEMBER, limit);
        uint256 rest = amount - limit < limit ? amount - limit : limit;
        entries[1] = pack(MEMBER, rest);
        entries[2] = pack(MEMBER, 1);
        vm.prank(OPERATOR);
        vm.expectRevert(
            abi.encodeWithSelector(RewardDistributor.DailyLimitExceeded.selector, limit + rest + 1, limit)
        );
        distributor.distribute(0, entries);
    }

    function testFuzz_RaisingALimitGivesNothingAtOnce(uint64 spent_, uint64 higher_) public {
        distributor.setLimits(1_000e6, 1_000e6);
        uint256 spent = within(spent_, 1, 1_000e6);
        pay(0, one(MEMBER, spent));
        distributor.setLimits(uint64(within(higher_, 1_000e6, CAP_MICRO)), 1_000e6);
        isEqual(distributor.leftNowMicro(), 1_000e6 - spent, "left after the raise");
    }

    function testFuzz_LoweringALimitCutsWhatIsLeft(uint64 lower_) public {
        uint64 lower = uint64(within(lower_, 0, CAP_MICRO));
        distributor.setLimits(lower, 0);
        isEqual(distributor.leftNowMicro(), lower, "left after the cut");
    }

    function testFuzz_LimitsMustAscend(uint64 limit, uint64 ceiling) public {
        if (ceiling <= limit && limit <= CAP_MICRO) return;
        vm.expectRevert(
            abi.encodeWithSelector(
                RewardDistributor.BadLimits.selector,
                uint256(ceiling),
                uint256(limit),
                uint256(CAP_MICRO)
            )
        );
        distributor.setLimits(limit, ceiling);
    }

    /// @dev The cap holds even where a limit would let more through, and also for another minter.
    function testFuzz_TheCapHoldsForEveryMinter(uint96 first_, uint96 over_) public {
        uint256 first = within(first_, 1, CAP_MICRO);
        pay(0, one(MEMBER, first));
        uint256 tooMuch = within(over_, CAP_MICRO - first + 1, type(uint96).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                ERC20Capped.ERC20ExceededCap.selector,
                (first + tooMuch) * 1e12,
                uint256(10_333_333e18)
            )
        );
        token.mintBatch(one(MEMBER, tooMuch));
        if (first < CAP_MICRO) token.mintBatch(one(MEMBER, CAP_MICRO - first));
        isEqual(token.totalSupply(), token.MAX_SUPPLY(), "full");
    }

    function testFuzz_AStrangerHasNoPower(address stranger) public {
        vm.assume(stranger != address(this) && stranger != OPERATOR && stranger != GUARDIAN);
        vm.assume(stranger != address(distributor));
        refuse(stranger, distributor.OPERATOR_ROLE());
        distributor.distribute(0, one(stranger, 1));
        refuse(stranger, distributor.GUARDIAN_ROLE());
        distributor.pause();
        refuse(stranger, 0);
        distributor.unpause();
        refuse(stranger, 0);
        distributor.setLimits(1, 1);
        refuse(stranger, token.MINTER_ROLE());
        token.mintBatch(one(stranger, 1));
        refuse(stranger, 0);
        token.grantRole(keccak256("MINTER_ROLE"), stranger);
        refuse(stranger, 0);
        distributor.grantRole(keccak256("OPERATOR_ROLE"), stranger);
    }

    /// @dev The next call, made by `account`, must be refused for want of `role`.
    function refuse(address account, bytes32 role) private {
        vm.prank(account);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role)
        );
    }

    /// @dev EIP-2612: the owner's signature, for this amount, until this time, once.
    function testFuzz_APermitIsGoodOnceAndForWhatItSays(uint248 key_, uint256 amount, uint32 validFor_) public {
        uint256 key = within(key_, 1, type(uint248).max);
        address owner = vm.addr(key);
        uint256 deadline = block.timestamp + validFor_;
        bytes32 permit = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 content = keccak256(abi.encode(permit, owner, MEMBER, amount, token.nonces(owner), deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), content));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        vm.prank(OPERATOR);
        token.permit(owner, MEMBER, amount, deadline, v, r, s);
        isEqual(token.allowance(owner, MEMBER), amount, "allowance");
        isEqual(token.nonces(owner), 1, "nonce");
        try token.permit(owner, MEMBER, amount, deadline, v, r, s) {
            isTrue(false, "a permit was good twice");
        } catch {}
    }
}

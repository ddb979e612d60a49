// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DotmToken} from "../../contracts/DotmToken.sol";
import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {Checks} from "./Checks.sol";

/**
 * @dev Everybody who may touch the contracts, doing it at random: operator, guardian, admin, members, strangers, and time. It
 * keeps books of its own from what succeeded, and notes each success that must not be.
 */
contract People is Checks {
    address private constant OPERATOR = address(0xA11CE);
    address private constant GUARDIAN = address(0x6A4D);

    DotmToken private immutable token;
    RewardDistributor private immutable distributor;
    address private immutable admin;

    /// Books: what should be on chain.
    uint256 public minted;
    mapping(address => uint256) public balanceOf;
    mapping(uint256 => bool) public wasPaid;
    address[] public holders;
    mapping(address => bool) private _known;
    uint256[] public ids;

    /// Time-integral of the limit, plus the first fill: the most that could have been paid so far, in micro-DOTM x seconds of a day.
    uint256 public allowedScaled;
    uint256 private _countedUntil;

    /// Successes that must not be.
    string public wrong;

    constructor(DotmToken token_, RewardDistributor distributor_, address admin_) {
        token = token_;
        distributor = distributor_;
        admin = admin_;
        allowedScaled = uint256(distributor_.dailyLimitMicro()) * 1 days;
        _countedUntil = block.timestamp;
    }

    function holdersCount() external view returns (uint256) {
        return holders.length;
    }

    function idsCount() external view returns (uint256) {
        return ids.length;
    }

    function pays(uint256 seed, uint16 idSeed, uint8 countSeed) external {
        _count();
        // Few ids, some side by side and some half a slot or a slot apart: mixing two of them up would show.
        uint256 id = (idSeed % 12) * 128 + (idSeed / 12) % 3;
        uint256[] memory entries = _entries(seed, uint256(countSeed) % 13);
        uint256 total;
        bool good = entries.length > 0;
        for (uint256 i = 0; i < entries.length; ++i) {
            uint256 amount = uint96(entries[i]);
            total += amount;
            if (amount == 0 || amount > distributor.entryCeilingMicro()) good = false;
            if (entries[i] >> 96 == 0) good = false;
        }
        uint256 left = distributor.leftNowMicro();
        bool fits = total <= left && token.totalSupply() + total * 1e12 <= token.MAX_SUPPLY();
        bool should = good && fits && !wasPaid[id] && !distributor.paused();
        vm.prank(OPERATOR);
        try distributor.distribute(id, entries) {
            if (!should) wrong = "a batch was paid that must not be";
            if (distributor.leftNowMicro() != left - total) wrong = "the limit was not used up by what was paid";
            wasPaid[id] = true;
            ids.push(id);
            minted += total * 1e12;
            for (uint256 i = 0; i < entries.length; ++i) {
                address to = address(uint160(entries[i] >> 96));
                balanceOf[to] += uint256(uint96(entries[i])) * 1e12;
                _meet(to);
            }
        } catch {
            if (should) wrong = "a good batch was refused";
        }
    }

    function transfers(uint256 fromSeed, uint256 toSeed, uint256 amountSeed) external {
        if (holders.length == 0) return;
        address from = holders[fromSeed % holders.length];
        address to = _member(toSeed);
        uint256 amount = within(amountSeed, 0, balanceOf[from] + 1e12);
        vm.prank(from);
        try token.transfer(to, amount) {
            if (amount > balanceOf[from]) wrong = "more was transferred than was there";
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
            _meet(to);
        } catch {
            if (amount <= balanceOf[from]) wrong = "a transfer was refused";
        }
    }

    function passes(uint32 seconds_) external {
        vm.warp(block.timestamp + (uint256(seconds_) % 1 days));
        _count();
    }

    function setsLimits(uint64 limitSeed, uint64 ceilingSeed) external {
        _count();
        uint256 before = distributor.leftNowMicro();
        uint64 limit = uint64(within(limitSeed, 0, 2_000_000e6));
        uint64 ceiling = uint64(within(ceilingSeed, 0, limit));
        vm.prank(admin);
        distributor.setLimits(limit, ceiling);
        if (distributor.leftNowMicro() > before) wrong = "new limits gave something at once";
    }

    function pauses() external {
        vm.prank(GUARDIAN);
        try distributor.pause() {} catch {}
    }

    function unpauses() external {
        vm.prank(admin);
        try distributor.unpause() {} catch {}
    }

    /// Whoever is not allowed tries everything that is worth something.
    function strangerTries(address who, uint256 seed) external {
        if (who == admin || who == OPERATOR || who == GUARDIAN || who == address(distributor)) who = address(0xBAD);
        uint256[] memory entries = one(who == address(0) ? address(1) : who, 1);
        vm.prank(who);
        try distributor.distribute(seed, entries) {
            wrong = "a stranger paid";
        } catch {}
        vm.prank(who);
        try distributor.setLimits(2, 1) {
            wrong = "a stranger set limits";
        } catch {}
        vm.prank(who);
        try distributor.unpause() {
            wrong = "a stranger unpaused";
        } catch {}
        address[5] memory nobody = [who, OPERATOR, GUARDIAN, admin, address(this)];
        vm.prank(nobody[seed % 5]);
        try token.mintBatch(entries) {
            wrong = "somebody else than the distributor minted";
        } catch {}
        vm.prank(GUARDIAN);
        try distributor.distribute(seed, entries) {
            wrong = "the guardian paid";
        } catch {}
        vm.prank(OPERATOR);
        try distributor.unpause() {
            wrong = "the operator unpaused";
        } catch {}
    }

    function _entries(uint256 seed, uint256 count) private view returns (uint256[] memory entries) {
        entries = new uint256[](count);
        // One batch in eight is careless: entries of nothing, above the ceiling, to nobody.
        uint256 most = uint256(distributor.entryCeilingMicro());
        if (seed % 8 == 0) most = most + most / 8 + 1;
        for (uint256 i = 0; i < count; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 amount = within(random >> 128, seed % 8 == 0 ? 0 : 1, most == 0 ? 1 : most);
            entries[i] = pack(seed % 16 == 0 && random % 11 == 0 ? address(0) : _member(random), amount);
        }
    }

    function _member(uint256 seed) private pure returns (address) {
        return address(uint160(0x1000 + (seed % 25)));
    }

    function _meet(address who) private {
        if (_known[who]) return;
        _known[who] = true;
        holders.push(who);
    }

    function _count() private {
        allowedScaled += (block.timestamp - _countedUntil) * distributor.dailyLimitMicro();
        _countedUntil = block.timestamp;
    }
}

/// @dev What must hold after any sequence of what anybody does.
contract InvariantsTest is Checks {
    DotmToken private token;
    RewardDistributor private distributor;
    People private people;

    function setUp() public {
        token = new DotmToken(address(this), 1 days, address(this));
        distributor = new RewardDistributor(
            token,
            address(this),
            1 days,
            address(0xA11CE),
            address(0x6A4D),
            900_000e6,
            150_000e6
        );
        token.grantRole(token.MINTER_ROLE(), address(distributor));
        token.revokeRole(token.MINTER_ROLE(), address(this));
        people = new People(token, distributor, address(this));
    }

    /// @dev The test runner calls only these.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(people);
    }

    function invariant_SupplyStaysWithinTheCap() public view {
        isTrue(token.totalSupply() <= 10_333_333e18, "cap");
    }

    function invariant_SupplyIsTheSumOfPaidBatches() public view {
        isEqual(token.totalSupply(), people.minted(), "supply");
    }

    function invariant_BalancesAreThoseOfTheBooksAndSumUpToTheSupply() public view {
        uint256 sum;
        for (uint256 i = 0; i < people.holdersCount(); ++i) {
            address holder = people.holders(i);
            isEqual(token.balanceOf(holder), people.balanceOf(holder), "balance");
            sum += token.balanceOf(holder);
        }
        isEqual(sum, token.totalSupply(), "sum of balances");
    }

    function invariant_PaidBatchesStayPaid() public view {
        for (uint256 i = 0; i < people.idsCount(); ++i) isTrue(distributor.isPaid(people.ids(i)), "forgotten batch");
    }

    function invariant_NothingHappensThatMustNot() public view {
        isTrue(bytes(people.wrong()).length == 0, people.wrong());
    }

    function invariant_NoMoreIsPaidThanTheLimitLetsThrough() public view {
        isTrue(token.totalSupply() / 1e12 <= people.allowedScaled() / 1 days, "rate");
    }

    function invariant_WhatIsLeftStaysWithinTheLimit() public view {
        isTrue(distributor.leftNowMicro() <= distributor.dailyLimitMicro(), "left");
    }

    function invariant_TheDistributorStaysTheOnlyMinter() public view {
        isTrue(token.hasRole(token.MINTER_ROLE(), address(distributor)), "distributor");
        isTrue(!token.hasRole(token.MINTER_ROLE(), address(this)), "admin");
        isTrue(!token.hasRole(token.MINTER_ROLE(), address(people)), "people");
        isEqual(token.balanceOf(address(distributor)), 0, "nothing lies in the distributor");
    }
}

"""What points must add up to, worked out a second time: every point is a coin with the year it is of."""

from collections import Counter, defaultdict

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.rules import Act, Entry


class Auditor:
    """Sees every act with the entry it became; holds what each person has, owes and has earned."""

    def __init__(self) -> None:
        self.lots: dict[int, Counter[int]] = defaultdict(Counter)
        self.earned: Counter[int] = Counter()
        self.expired: dict[int, Counter[int]] = defaultdict(Counter)
        self.spends: dict[int, list[int]] = {}
        self.refunded: set[int] = set()
        self.expired_to = 0

    def coins(self, person: int) -> list[int]:
        """The years of what a person can spend, the oldest first, after what they owe is taken off."""
        lots = self.lots[person]
        owed = -sum(points for points in lots.values() if points < 0)
        return sorted(year for year, points in lots.items() for _ in range(points))[owed:]

    def see(self, act: Act, entry: Entry) -> None:
        """The entry is what the act should have become, and its points are where they belong."""
        coins, lots, year = self.coins(act.person), self.lots[act.person], entry.day // 10_000
        if act.kind is Kind.SPEND:
            assert (entry.reason == Reason.BALANCE_SHORT) is (-act.points > len(coins))
            assert entry.points == (act.points if -act.points <= len(coins) else 0)
            self.spends[entry.seq] = coins[: -entry.points]
            lots.subtract(self.spends[entry.seq])
        elif act.kind is Kind.REFUND:
            assert act.ref_seq not in self.refunded
            self.refunded.add(act.ref_seq)
            assert entry.points == len(self.spends[act.ref_seq]) > 0
            oldest = min(self.expired_to + 1, year)
            lots.update(each if each > self.expired_to else oldest for each in self.spends[act.ref_seq])
        elif act.kind is Kind.EXPIRY:
            assert -entry.points == min(-act.points, sum(each <= year for each in coins))
            self.expired[act.person][year] -= entry.points
            lots[year] += entry.points
            self.expired_to = max(self.expired_to, year) if entry.points else self.expired_to
        else:
            lots[year] += entry.points
            self.earned[act.person] += entry.points

    def see_given_back(self, taken: Entry, given: Entry | None) -> None:
        """What an expiry had taken already of what is taken back now came back, and no more than that."""
        expired = self.expired[taken.person]
        left = sorted(each for each in (+expired) if each >= taken.day // 10_000)
        due = min(-taken.points, expired[left[0]]) if left and taken.points < 0 else 0
        assert (given.points if given else 0) == due
        if given is not None:
            assert (given.kind, given.day) == (Kind.EXPIRY, left[0] * 10_000 + 1231)
            expired[left[0]] -= due
            self.lots[taken.person][left[0]] += due

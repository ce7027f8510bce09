"""Silence clusters: an unusual share of one building, exchange or line whom nobody reaches in one round.

A group is told when all of these hold:

1. at least ``SMALLEST_ROUND`` residents have been rung, and at least half of the group are silent;
2. so many or more would be silent by chance at most once in ``ROUNDS_PER_FALSE_ALARM`` rounds, divided by the number of
   groups and of looks (Bonferroni), both when the silent ones of the whole round are dealt out among everybody (the
   exact test of Fisher, one-sided), and when each is silent with ``USUALLY_SILENT``, the share of first calls that the
   worst of the published services does not get answered.

A whole round is a group as well (``Common.ROUND``), beside which there are no others: the second test alone judges it.

So a round in which nothing is the matter has a false alarm at most once in ``ROUNDS_PER_FALSE_ALARM`` rounds, less than
once a year where there is one a day, as long as residents are silent independently of one another. No group of fewer
than seven can be so unlikely. The second test also keeps a group from being told only because it was rung later than
the others and has had fewer of its calls.

The most unlikely group is taken first and its people are left out of what follows: one silence is told once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from campaigns.looking.chances import binomial_tail, hypergeometric_tail
from campaigns.noticed import Common
from campaigns.rounds.rounds import FIRST_LOOK

SMALLEST_ROUND = 50
USUALLY_SILENT = 0.27
ROUNDS_PER_FALSE_ALARM = 365
LOOKS = 9
"""A quarter of an hour after a round has begun, after twice that, and so on within a day, and once at its end."""


Group = tuple[Common, str]


@dataclass(frozen=True)
class Rung:
    """One resident who has been rung: whether nobody was reached, and the groups to which they belong."""

    check_in_id: UUID
    is_silent: bool
    groups: Mapping[Common, str]


@dataclass(frozen=True)
class Cluster:
    """A group of which ``silent`` of the ``rung`` residents were not reached, and ``others_silent`` of the others."""

    common: Common
    name: str
    silent: tuple[UUID, ...]
    rung: int
    others_silent: int
    others_rung: int

    @property
    def group(self) -> Group:
        """Which group it is."""
        return self.common, self.name


def clusters(rung: Sequence[Rung], told: Collection[Group] = ()) -> list[Cluster]:
    """The groups of which an unusual share is silent, the most unlikely first; nobody of the ``told`` ones is counted.

    Of rounds smaller than ``SMALLEST_ROUND`` nothing is told.
    """
    left = [each for each in rung if not any(group in told for group in each.groups.items())]
    highest = 1 / (ROUNDS_PER_FALSE_ALARM * LOOKS * max(1, len(_members(left))))
    found: list[Cluster] = []
    while (worst := _most_unlikely(left, highest)) is not None:
        found.append(worst)
        left = [each for each in left if worst.group not in each.groups.items()]
    return found


def standing(rung: Sequence[Rung], group: Group) -> Cluster:
    """How one group stands, whether that is unusual or not."""
    members = [each for each in rung if group in each.groups.items()]
    return _cluster(group, members, _silent(rung), len(rung))


def next_look(started_at: datetime, now: datetime) -> datetime:
    """When a round is looked at next."""
    after = FIRST_LOOK
    while started_at + after <= now:
        after *= 2
    return started_at + after


def exchange_of(number: str) -> str:
    """The exchange of a number in E.164: the last four digits are the subscriber's own, in every numbering plan in
    which an exchange, or a block of mobile numbers, has ten thousand of them."""
    return number[:-4]


def _most_unlikely(rung: Sequence[Rung], highest: float) -> Cluster | None:
    if len(rung) < SMALLEST_ROUND:
        return None
    silent = _silent(rung)
    found = [_cluster(group, members, silent, len(rung)) for group, members in _members(rung).items()]
    chances = [(_chance(each), -len(each.silent), each.group, each) for each in found if _is_large(each)]
    chance, _, _, worst = min(chances, default=(1.0, 0, None, None))
    return worst if chance <= highest else None


def _members(rung: Sequence[Rung]) -> dict[Group, list[Rung]]:
    members: defaultdict[Group, list[Rung]] = defaultdict(list)
    for each in rung:
        for group in each.groups.items():
            members[group].append(each)
    return members


def _silent(rung: Sequence[Rung]) -> int:
    return sum(each.is_silent for each in rung)


def _cluster(group: Group, members: Sequence[Rung], all_silent: int, everybody: int) -> Cluster:
    silent = tuple(each.check_in_id for each in members if each.is_silent)
    return Cluster(*group, silent, len(members), all_silent - len(silent), everybody - len(members))


def _is_large(cluster: Cluster) -> bool:
    is_comparable = cluster.others_rung > 0 or cluster.common is Common.ROUND
    return 2 * len(cluster.silent) >= cluster.rung and is_comparable


def _chance(cluster: Cluster) -> float:
    """How likely it is at most that so many of the group are silent by chance."""
    silent, rung = len(cluster.silent), cluster.rung
    by_itself = binomial_tail(silent, rung, USUALLY_SILENT)
    if cluster.common is Common.ROUND:
        return by_itself
    everybody, all_silent = rung + cluster.others_rung, silent + cluster.others_silent
    return max(hypergeometric_tail(silent, rung, all_silent, everybody), by_itself)

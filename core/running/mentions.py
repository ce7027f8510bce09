"""Mentions: what floors above may keep of somebody for a while, which they are told to forget with all else."""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy.orm import Session

Forgetting = Callable[[Session, Collection[str]], int]
"""Deletes what holds one of these words (names, telephones, ids); returns how many rows that were."""
_holders: Sequence[Callable[[], Forgetting]] = ()


def use(holders: Sequence[Callable[[], Forgetting]]) -> None:
    """Names whoever keeps such things, each loaded when first asked."""
    global _holders
    _holders = tuple(holders)


def forget(session: Session, words: Collection[str]) -> int:
    """Has them all forget what holds one of these words; returns how many rows that were."""
    return sum(holder()(session, words) for holder in _holders)

"""Spreading: who is rung when inside the window of a round, so that the line is used evenly."""

from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

SLOT = timedelta(minutes=1)


def spread(
    telephones: Sequence[Hashable], wishes: Sequence[datetime | None], begins: datetime, window: timedelta
) -> list[datetime]:
    """When each resident is first rung, from ``begins`` to ``begins + window`` (not included).

    Whoever has wished for a time is rung then, and with them whoever else is due at that telephone; the others fill the
    minutes in which fewest telephones are rung, in their order, so that they are rung at about the same time each day.
    A wish for a time that has passed is for now.
    """
    slots = max(1, window // SLOT)
    wished: dict[Hashable, datetime] = {}
    for telephone, wish in zip(telephones, wishes, strict=True):
        if wish is not None:
            wished[telephone] = min(wished.get(telephone, max(begins, wish)), max(begins, wish))
    taken = Counter((at - begins) // SLOT for at in wished.values())
    load = [(taken.get(slot, 0), slot) for slot in range(slots)]
    heapify(load)
    times = dict(wished)
    for telephone in dict.fromkeys(telephones):
        if telephone not in times:
            rung, slot = heappop(load)
            heappush(load, (rung + 1, slot))
            times[telephone] = begins + slot * SLOT
    return [times[each] if wish is None else max(begins, wish) for each, wish in zip(telephones, wishes, strict=True)]

"""How a policy would go if nobody accepted: its ladder played through, without ringing anybody. Plain values only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contacts.hours import Hours, next_start
from escalation.ladder import HOUR, Asked, Candidate, Climb, Reach, climb
from escalation.models import PageState
from escalation.policies import Policy

MOST_MOMENTS = 24
LONGEST = timedelta(hours=3)


class Means(StrEnum):
    """What reaches a responder at a moment."""

    TEXT = "text"
    CALL = "call"


@dataclass(frozen=True)
class Moment:
    """So long ``after`` the case was opened these ``responders`` are reached by this ``means``.

    ``asked_before`` is how often the first of them was asked before; ``for_ever``: by now everybody was asked as often
    as the policy says, and this goes on until somebody accepts.
    """

    after: timedelta
    means: Means
    responders: tuple[UUID, ...]
    asked_before: int = 0
    for_ever: bool = False


@dataclass(frozen=True)
class Rehearsed:
    """What would happen, in its order. ``sleeps_until``: the quiet hours of responders, in which nobody is rung."""

    moments: Sequence[Moment]
    sleeps_until: datetime | None = None


@dataclass
class _Stage:
    """Where the play stands: the ``pages`` so far with when the telephone of each stops ringing."""

    policy: Policy
    candidates: Sequence[Candidate]
    hours: Hours
    ring: timedelta
    lead: timedelta
    with_text: Collection[UUID]
    pages: list[tuple[Asked, datetime]] = field(default_factory=list)

    def look(self, now: datetime) -> Climb:
        """The next step, as the ladder would take it now."""
        self.pages = [(replace(page, state=PageState.UNANSWERED) if over <= now else page, over)
                      for page, over in self.pages]  # fmt: skip
        return climb(self.policy, self.candidates, [page for page, _ in self.pages], self._reach(now), now)

    def ask(self, responders: Sequence[UUID], now: datetime) -> list[tuple[datetime, Means, UUID]]:
        """They are asked now; returns when each is reached, and by which means."""
        reached: list[tuple[datetime, Means, UUID]] = []
        for each in responders:
            rings = now + (self.policy.text_ahead or timedelta(0) if each in self.with_text else timedelta(0))
            self.pages.append((Asked(each, PageState.CALLING, now), rings + self.ring))
            reached += (
                [(now, Means.TEXT, each)] if each in self.with_text and self.policy.text_ahead is not None else []
            )
            reached.append((rings, Means.CALL, each))
        return reached

    def times(self, responder: UUID) -> int:
        """How often they were asked."""
        return sum(page.responder_id == responder for page, _ in self.pages)

    def next_look(self, step: Climb, now: datetime) -> datetime:
        """When the ladder looks again: as soon as a telephone stops ringing, at the latest when it wanted to."""
        return min([step.look_at, *(over for _, over in self.pages if over > now)])

    def _reach(self, now: datetime) -> Reach:
        rung: dict[UUID, list[datetime]] = {}
        for page, over in self.pages:
            if now - page.at < HOUR:
                rung.setdefault(page.responder_id, []).append(over - self.ring)
        engaged = {page.responder_id for page, over in self.pages if over > now}
        return Reach(engaged=engaged, rung=rung, wakes_at=self._wakes_at(now))

    def _wakes_at(self, now: datetime) -> datetime | None:
        asleep = not self.hours.permit(now) or now >= self.hours.closing(now) - self.lead
        return next_start(self.hours.opens, self.hours.zone, now) if asleep else None


def rehearsed(
    policy: Policy, candidates: Sequence[Candidate], hours: Hours, begins: datetime, ring: timedelta,
    lead: timedelta = timedelta(0), with_text: Collection[UUID] = (),
) -> Rehearsed:  # fmt: skip
    """The ladder of a case that is opened at ``begins`` and that nobody accepts, for three hours at most.

    Each telephone rings for ``ring`` and is not answered, and none begins to within ``lead`` of the quiet hours;
    whoever stands in ``with_text`` can be written to as well.
    """
    stage, now, found = _Stage(policy, candidates, hours, ring, lead, with_text), begins, list[Moment]()
    step = stage.look(now)
    sleeps_until = step.look_at if policy.rings and not step.ask and step.look_at == stage._wakes_at(now) else None
    while policy.rings and not sleeps_until and now - begins <= LONGEST and len(found) < MOST_MOMENTS:
        before = {each: stage.times(each) for each in step.ask}
        for_ever = bool(before) and min(before.values()) >= policy.rounds
        found += _moments(stage.ask(step.ask, now), begins, before, for_ever)
        now = stage.next_look(step, now)
        step = stage.look(now)
    return Rehearsed(sorted(found, key=lambda each: each.after)[:MOST_MOMENTS], sleeps_until)


def _moments(
    reached: Sequence[tuple[datetime, Means, UUID]], begins: datetime, before: Mapping[UUID, int], for_ever: bool
) -> list[Moment]:
    """Who is reached at the same instant by the same means stands together."""
    together: dict[tuple[datetime, Means], list[UUID]] = {}
    for at, means, who in reached:
        together.setdefault((at, means), []).append(who)
    return [Moment(at - begins, means, tuple(who), before[who[0]], for_ever)
            for (at, means), who in together.items()]  # fmt: skip

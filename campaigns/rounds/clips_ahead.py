"""Clips ahead: what a round of tomorrow will say is made while the telephone is idle, so that its calls need not wait.

What is made is found among the clips, whoever made it and whenever: a process that begins anew makes nothing twice. It
gives way to every call: before each clip it looks whether a telephone rings, or is to ring, and then leaves the rest
for later. One process of the voice at most is busy with it, and half of the time none.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import meant_by
from campaigns.models import Campaign
from campaigns.rounds import attempts
from contacts import queries as contacts
from contacts.models import Community, Resident
from contacts.queries import campaign_audience as audience
from core import clock
from core.running import events
from core.storage.database import reading
from ivr import queries as telephone
from ivr.dialogue.stored import Document, read
from ivr.dispatch import prerender
from ivr.listener import Overlay
from ivr.prompts import own_voices

log = logging.getLogger(__name__)

AHEAD = "campaigns.clips"
AHEAD_SECONDS = 10.0
AT_ONCE_SECONDS = 5.0
"""Real seconds of work in every ``AHEAD_SECONDS``."""
HORIZON = timedelta(hours=24)
AFRESH_SECONDS = 3600.0
"""Real seconds after which even what has not changed is looked at again: clips may have been removed."""
BATCH = 200


@dataclass(frozen=True)
class Call:
    """A call that is to be made: whom it asks together, what it says, and how that sounds to them."""

    called: tuple[str, ...]
    kept: Document
    overlay: Overlay

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for calls that sound alike."""
        return self.kept.digest, self.called, self.overlay.model_dump_json()


class ClipsAhead:
    """This process's hand at the clips of tomorrow."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._made: dict[tuple[object, ...], float] = {}
        self._done: tuple[int, float] | None = None

    def make(self, seconds: float = AT_ONCE_SECONDS) -> bool:
        """Makes some of what is missing; whether everything is there that can be known now."""
        if not self._turn.acquire(blocking=False):
            return False
        try:
            return self._make(_Leisure(seconds))
        finally:
            self._turn.release()

    def _make(self, leisure: "_Leisure") -> bool:
        with reading() as session:
            latest = events.last_id(session)
        if self._done and self._done[0] == latest and monotonic() - self._done[1] < AFRESH_SECONDS:
            return True
        self._made = {key: at for key, at in self._made.items() if monotonic() - at < AFRESH_SECONDS}
        for call in _calls_ahead():
            if call.key in self._made:
                continue
            dialogue = read(call.kept.digest, call.kept.written, lambda kept=call.kept: kept.text)  # type: ignore[misc]
            prerender.prepare_while(dialogue, call.overlay, leisure)
            if leisure.is_over or prerender.own_voice.is_silent:
                return False
            self._made[call.key] = monotonic()
        self._done = latest, monotonic()
        return True


class _Leisure:
    """Whether there is time for one more clip."""

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds
        self.is_over = False

    def __call__(self) -> bool:
        self.is_over = self.is_over or monotonic() >= self._until or _is_busy()
        return not self.is_over


def _is_busy() -> bool:
    """Whether somebody is on the telephone, or is to be rung now."""
    with reading() as session:
        return telephone.are_calls_under_way(session) or telephone.is_waiting(session, clock.now())


def _calls_ahead() -> Iterator[Call]:
    """The first calls of the rounds that start within ``HORIZON``, and then those that ask each of a couple alone."""
    with reading() as session:
        due = [each.id for each in queries.campaigns_within(session, clock.now() + HORIZON)]
    for one_by_one in (False, True):
        for campaign_id in due:
            yield from _of_campaign(campaign_id, one_by_one=one_by_one)


def _of_campaign(campaign_id: UUID, *, one_by_one: bool) -> Iterator[Call]:
    with reading() as session:
        campaign = session.get(Campaign, campaign_id)
        together = _at_telephones(session, campaign) if campaign else []
    if one_by_one:
        together = [(each,) for group in together if len(group) > 1 for each in group]
    for start in range(0, len(together), BATCH):
        yield from _voiced(campaign_id, together[start : start + BATCH])


def _at_telephones(session: Session, campaign: Campaign) -> list[tuple[UUID, ...]]:
    """Who will be asked together: everybody with the same first telephone."""
    community = session.get_one(Community, campaign.community_id)
    at = campaign.next_round_at or clock.now()
    on = at.astimezone(ZoneInfo(community.timezone)).date()
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for each in contacts.audience(session, community.id, meant_by(campaign, community, at), on):
        if not each.paused:
            found[each.numbers[0]].append(each.resident_id)
    return [tuple(ids) for ids in found.values()]


def _voiced(campaign_id: UUID, together: Sequence[tuple[UUID, ...]]) -> Sequence[Call]:
    made: list[Call] = []
    with reading() as session:
        campaign = session.get(Campaign, campaign_id)
        known = audience.residents_of(session, [each for ids in together for each in ids])
        for ids in together if campaign else ():
            people = [known[each] for each in ids if each in known]
            if people:
                _add(made, lambda people=people: _call(session, campaign, people))  # type: ignore[misc, arg-type]
    return made


def _add(made: list[Call], make: Callable[[], Call]) -> None:
    """A call that cannot be made holds no other up; that it cannot is said when it is due."""
    try:
        made.append(make())
    except Exception:
        log.exception("what a call will say cannot be known yet")


def _call(session: Session, campaign: Campaign, people: Sequence[Resident]) -> Call:
    kept = attempts.asking_document(session, campaign, people, campaign.message)[1]
    overlay = own_voices.overlay(session, kept, attempts.listener_of(people, campaign.id))
    return Call(tuple(each.called for each in people), kept, overlay)

"""Helpers of whom nobody accepts soon: they are drawn for a morning, and none may be rung more often than allowed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contacts.community.community import the_community
from core.storage.database import reading
from escalation.policy_lookup import policies_of
from escalation.queries import told_cases
from zaoan.rehearsal.behaviours import ONE_BY_ONE, SILENCE, Behaviour, answer, no_answer, press
from zaoan.rehearsal.helpers.choices import Helpers
from zaoan.rehearsal.judge import UNDER_WAY, Rules
from zaoan.rehearsal.town import Town
from zaoan.rehearsal.wire import WireCall

HOUR = timedelta(hours=1)
RANG_NOBODY = frozenset({"failed", "canceled"})
IN_VAIN = 3
"""So many calls each office lets ring, so that everybody has been asked in vain before."""


BEHAVIOURS: Mapping[Helpers, Behaviour] = {
    Helpers.SILENT: Behaviour([no_answer()]),
    Helpers.DECLINING: Behaviour([answer(press("2"))]),
    Helpers.SLOW: Behaviour([answer(SILENCE, *[press("1", after=8.0), SILENCE] * 20, after=38.0)]),
}
"""Whoever is slow picks up when it has rung nearly to its end, lets all be said twice, and then takes it."""
OFFICES: Mapping[Helpers, Behaviour] = {
    Helpers.SILENT: Behaviour([*[no_answer()] * IN_VAIN, answer(*ONE_BY_ONE, after=4.0)]),
    Helpers.DECLINING: Behaviour([*[answer(press("2"))] * IN_VAIN, answer(*ONE_BY_ONE, after=4.0)]),
    Helpers.SLOW: BEHAVIOURS[Helpers.SLOW],
}
"""The office is the last resort: after its first calls it accepts, or no morning would end."""


Limits = Mapping[str, int | None]
"""By the id of a call: what it told its responder of may ring them so often in an hour; None: however often."""


@dataclass(frozen=True)
class Rung:
    """How often a responder was rung. ``most_in_an_hour`` is the most of any hour that ended with a call that a limit
    holds for; ``limit`` is the highest that held for one of them, None where none did."""

    name: str
    calls: int
    most_in_an_hour: int
    limit: int | None

    def document(self) -> dict[str, Any]:
        """One entry of the rehearsal's JSON."""
        return {"name": self.name, "calls": self.calls, "most_in_an_hour": self.most_in_an_hour, "limit": self.limit}


def with_helpers(town: Town, those: Helpers) -> Town:
    """The same town, in which everybody who could be asked does this."""
    offices, others = OFFICES[those], BEHAVIOURS[those]
    return replace(town, helpers=[
        replace(each, does=those.value, behaviour=offices if each.role == "社区办公室" else others)
        for each in town.helpers
    ])  # fmt: skip


def limits() -> Limits:
    """The limit of each call that told somebody of a case, as the service has it."""
    found: defaultdict[UUID, list[int | None]] = defaultdict(list)
    with reading() as session:
        policies, community_id = policies_of(session), the_community(session).id
        for call_id, campaign_id, kind in told_cases.calls_and_kinds(session, community_id):
            found[call_id].append(policies.of(community_id, campaign_id, kind).calls_per_hour)
    return {str(call_id): _highest(each) for call_id, each in found.items()}


def _highest(found: Sequence[int | None]) -> int | None:
    """A call is made as soon as one of its cases may be told."""
    known = [each for each in found if each is not None]
    return max(known) if len(known) == len(found) else None


def rung(town: Town, wire: Sequence[WireCall], known: Limits, rules: Rules) -> list[Rung]:
    """How often each responder was rung, in the order of their list."""
    return [_rung(each.name, [call for call in _calls(wire) if call.number == each.number], known, rules)
            for each in town.helpers]  # fmt: skip


def above_their_limit(town: Town, wire: Sequence[WireCall], known: Limits, rules: Rules) -> Iterator[str]:
    """Whoever was rung more often in an hour than the policy of what they were told of allows."""
    for each in town.helpers:
        calls = [call for call in _calls(wire) if call.number == each.number]
        for call, limit in _limited(calls, known):
            if (times := _within_the_hour(call, calls, rules)) > limit:
                yield f"{each.name} was rung {times} times in an hour, {limit} are allowed"
                break


def _rung(name: str, calls: Sequence[WireCall], known: Limits, rules: Rules) -> Rung:
    limited = _limited(calls, known)
    most = max((_within_the_hour(call, calls, rules) for call, _ in limited), default=0)
    return Rung(name, len(calls), most, max((limit for _, limit in limited), default=None))


def _calls(wire: Sequence[WireCall]) -> list[WireCall]:
    return [call for call in wire if not call.inbound and call.parent is None and call.status not in RANG_NOBODY]


def _limited(calls: Sequence[WireCall], known: Limits) -> list[tuple[WireCall, int]]:
    """Those that a limit holds for, each with it; what nobody was told in has none."""
    found = ((call, next((limit for call_id, limit in known.items() if call_id in (call.url or "")), None))
             for call in calls)  # fmt: skip
    return [(call, limit) for call, limit in found if limit is not None]


def _within_the_hour(last: WireCall, calls: Sequence[WireCall], rules: Rules) -> int:
    """Calls of the hour that ends with this one, itself included. The service goes by when it decided, the wire by when
    it was asked: what is that near the beginning of the hour was before it."""
    began: datetime = rules.clock(last.requested_at) - HOUR
    return sum(rules.clock(each.requested_at - UNDER_WAY) > began and each.requested_at <= last.requested_at
               for each in calls)  # fmt: skip

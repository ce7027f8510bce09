"""Audience: what the count of a rule over 100,000 residents costs, beside the count of everybody."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter, process_time

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from benchmarks.figures import Bound, Figure
from benchmarks.house import house, postgresql
from campaigns import audience
from campaigns.audiences.rules import EVERYONE, Aged, AllOf, AnyOf, Flagged, LivesIn, Not, Rule, Speaks
from contacts import queries as contacts
from contacts.community.community import area, the_community
from contacts.models import Community, Resident, ResidentFlag
from core import clock
from core.i18n import Language
from core.storage.database import reading, unit_of_work

SIZE = 100_000
MOST_SECONDS = 0.5
TRIES = 5
"""The least counts: a busy machine only adds."""


def figures() -> Sequence[Figure]:
    """On SQLite in processor time, all of which is ours; on PostgreSQL, which is another process, by the clock."""
    with house(SIZE):
        found = [_figure("SQLite", "s of processor time", process_time)]
    with postgresql() as url, house(SIZE, database_url=url):
        return [*found, _figure("PostgreSQL", "s", perf_counter)]


def _figure(kept_in: str, unit: str, timer: Callable[[], float]) -> Figure:
    with unit_of_work() as session:
        _tell_apart(session)
    with reading() as session:
        community, now = the_community(session), clock.now()
        rule = _rule(session, community)
        audience.audience_report(session, community, rule, now)
        seconds, people = _least(session, community, rule, now, timer)
        everybody, _ = _least(session, community, EVERYONE, now, timer)
    bound = Bound(MOST_SECONDS) if kept_in == "SQLite" else None
    beside = f"everybody {everybody:.3f} {unit}; {people:,} of {SIZE:,} are meant"
    return Figure(f"an audience counted, {kept_in}", seconds, unit, beside, bound=bound)


def _least(
    session: Session, community: Community, rule: Rule, now: datetime, timer: Callable[[], float]
) -> tuple[float, int]:
    found = []
    for _ in range(TRIES):
        begun = timer()
        report = audience.audience_report(session, community, rule, now)
        found.append(timer() - begun)
    return min(found), report.enrolled


def _rule(session: Session, community: Community) -> Rule:
    """80 or older and alone, or in the first building, and none of those who speak English or are hard of hearing."""
    building = area(session, community, "1号楼", "").id
    return AllOf(of=(
        AnyOf(of=(AllOf(of=(Aged(least=80), Flagged(any_of=("lives_alone",)))), LivesIn(any_of=(building,)))),
        Not(of=Flagged(any_of=("hard_of_hearing",))),
        Speaks(any_of=(Language.CHINESE,)),
    ))  # fmt: skip


def _tell_apart(session: Session) -> None:
    """Ages from 60 to 99, and every third and every fifth with a flag."""
    ids = contacts.resident_ids(session, the_community(session).id)
    session.execute(update(Resident), [{"id": each, "birth_year": clock.now().year - 60 - place % 40}
                                       for place, each in enumerate(ids)])  # fmt: skip
    for every, flag in ((3, "lives_alone"), (5, "hard_of_hearing")):
        session.execute(insert(ResidentFlag), [{"resident_id": each, "flag": flag} for each in ids[::every]])

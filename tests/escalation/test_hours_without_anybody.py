"""Hours in which nobody accepts, on a clock turned by hand: who is rung how often, and that nobody is forgotten."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from contacts.community.community import the_community
from core import actors, clock
from core.storage import database
from escalation import climbing, queries
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.policy_lookup import shipped
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from tests import quiet_hours
from tests.switchboard import resident, responder, rows

WISH = shipped().table[CaseKind.NEEDS_SUPPLIES]
HALF_PAST_EIGHT = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
RINGS = timedelta(seconds=45)
HOUR = timedelta(hours=1)
VOLUNTEER, OFFICE = "+8613900000001", "+8631186000900"
HELPERS = [f"+861390000001{index}" for index in range(4)]


class Street:
    """Telephones that nobody picks up; every call to them is remembered with the number of cases it told of."""

    def __init__(self):
        self.rung = defaultdict(list)
        self.told = defaultdict(list)
        self._ends = {}

    def set(self, at):
        """The clock stands still meanwhile: what a busy machine takes must never turn it back at the next step."""
        clock.set_anchor(clock.Anchor(clock.real_now(), at, speed=0))

    def open(self, kind, people):
        with database.unit_of_work() as session:
            return [cases.open_case(session, actors.system(), kind, each, None).id for each in people]

    def live_until(self, end):
        """Whenever something is due it is done; nothing happens between."""
        at = clock.now()
        while at < end:
            self.set(at)
            with database.unit_of_work() as session:
                self._hang_up(session, at)
            climbing.climb_due()
            with database.unit_of_work() as session:
                self._ring(session, at)
                session.flush()
                looks = queries.next_look(session)
            upcoming = [*self._ends.values(), *([looks] if looks else [])]
            at = min(end, max(min(upcoming, default=end), at + timedelta(seconds=1)))
        self.set(end)

    def _ring(self, session, at):
        for call in session.scalars(select(Call).where(Call.state == CallState.QUEUED)):
            call.state, call.requested_at = CallState.PLACED, clock.real_now()
            pages = queries.pages_of_call(session, call.id)
            self.rung[call.number].append(min(page.asked_at for page in pages))
            self.told[call.number].append(len(pages))
            self._ends[call.id] = at + RINGS

    def _hang_up(self, session, at):
        for call_id in [each for each, end in self._ends.items() if end <= at]:
            del self._ends[call_id]
            calls.end(session, call_id, Ending.NO_ANSWER)

    def most_in_an_hour(self, number):
        instants = self.rung[number]
        return max(sum(begin <= at < begin + HOUR for at in instants) for begin in instants)


@pytest.fixture
def nobody(switchboard, monkeypatch):
    """Residents are rung until nine and the quiet hours are as they are; it is half past eight."""
    with database.unit_of_work() as session:
        the_community(session).call_until = time(21)
    quiet_hours.as_shipped(monkeypatch)
    before = clock.anchor()
    there = Street()
    there.set(HALF_PAST_EIGHT)
    yield there
    clock.set_anchor(before)


def homes(count):
    return [resident(f"{index}号奶奶", f"+86311860{index:05d}", room=str(index)) for index in range(100, 100 + count)]


def are_open(ids):
    return all(rows(Case, id=case_id)[0].state == CaseState.OPEN for case_id in ids)


def told_of(case_id):
    called = {call.id: call.number for call in rows(Call)}
    return {called[page.call_id] for page in rows(Page, case_id=case_id)}


def test_four_hours_of_an_illness_ring_on_at_a_humane_pace(nobody):
    responder("田保国", VOLUNTEER)
    responder("社区", OFFICE, "office")
    [ill] = nobody.open(CaseKind.UNWELL, homes(1))
    nobody.live_until(HALF_PAST_EIGHT + 4 * HOUR)
    assert len(nobody.rung[VOLUNTEER]) == WISH.rounds
    assert 15 <= len(nobody.rung[OFFICE]) <= 25
    assert HALF_PAST_EIGHT + 4 * HOUR - nobody.rung[OFFICE][-1] <= timedelta(minutes=16)
    assert are_open([ill])


def test_four_hours_of_thirty_silent_homes_are_told_in_a_few_calls_and_each_call_tells_of_all(nobody):
    responder("田保国", VOLUNTEER)
    responder("社区", OFFICE, "office")
    silent = nobody.open(CaseKind.NO_ANSWER, homes(30))
    nobody.live_until(HALF_PAST_EIGHT + 4 * HOUR)
    assert len(nobody.rung[VOLUNTEER]) == WISH.rounds
    assert 5 <= len(nobody.rung[OFFICE]) <= 10
    assert set(nobody.told[VOLUNTEER] + nobody.told[OFFICE]) == {30}
    assert all(told_of(each) == {VOLUNTEER, OFFICE} for each in silent)
    assert are_open(silent)


def test_thirty_homes_that_fall_silent_one_after_the_other_give_nobody_calls_in_a_row(nobody):
    """As a round finds them: one a minute. Four helpers, and the office."""
    for index, number in enumerate(HELPERS):
        responder(f"志愿者{index}", number)
    responder("社区", OFFICE, "office")
    people, silent = homes(30), []
    for each in people:
        silent += nobody.open(CaseKind.NO_ANSWER, [each])
        nobody.live_until(clock.now() + timedelta(minutes=1))
    nobody.live_until(HALF_PAST_EIGHT + 4 * HOUR)
    for number in [*HELPERS, OFFICE]:
        assert nobody.most_in_an_hour(number) <= WISH.calls_per_hour
        assert all(later - earlier >= WISH.apart
                   for earlier, later in zip(nobody.rung[number], nobody.rung[number][1:], strict=False))  # fmt: skip
    assert all(len(told_of(each)) >= 2 for each in silent)
    assert sum(map(len, nobody.rung.values())) <= 40


def test_a_new_illness_rings_whoever_has_had_all_the_calls_of_the_hour(nobody):
    responder("田保国", VOLUNTEER)
    for each in homes(4):
        nobody.open(CaseKind.HUNG_UP, [each])
        nobody.live_until(clock.now() + timedelta(minutes=6))
    [another, ill] = [resident(name, f"+86311860009{name[0]}", room=name) for name in ("1奶奶", "2奶奶")]
    assert nobody.most_in_an_hour(VOLUNTEER) == WISH.calls_per_hour
    nobody.open(CaseKind.NO_ANSWER, [another])
    nobody.live_until(clock.now() + timedelta(minutes=1))
    assert nobody.most_in_an_hour(VOLUNTEER) == WISH.calls_per_hour
    nobody.open(CaseKind.UNWELL, [ill])
    nobody.live_until(clock.now() + timedelta(minutes=1))
    assert nobody.told[VOLUNTEER][-1] == 6


TEN_IN_THE_EVENING = datetime(2026, 11, 28, 14, tzinfo=UTC)
SEVEN_IN_THE_MORNING = TEN_IN_THE_EVENING + 9 * HOUR


def test_what_can_wait_waits_for_the_morning_and_is_told_in_one_call(nobody):
    responder("田保国", VOLUNTEER)
    people = homes(3)
    nobody.set(TEN_IN_THE_EVENING - timedelta(minutes=20))
    waiting = nobody.open(CaseKind.NO_ANSWER, people[:1])
    nobody.live_until(TEN_IN_THE_EVENING + HOUR)
    in_the_evening = len(nobody.rung[VOLUNTEER])
    assert in_the_evening
    waiting += nobody.open(CaseKind.NEEDS_SUPPLIES, people[1:2])
    waiting += nobody.open(CaseKind.HUNG_UP, people[2:])
    nobody.live_until(SEVEN_IN_THE_MORNING - timedelta(seconds=1))
    assert len(nobody.rung[VOLUNTEER]) == in_the_evening
    assert nobody.rung[VOLUNTEER][-1] < TEN_IN_THE_EVENING
    assert are_open(waiting)
    nobody.live_until(SEVEN_IN_THE_MORNING + timedelta(minutes=1))
    [in_the_morning] = nobody.rung[VOLUNTEER][in_the_evening:]
    assert timedelta(0) <= in_the_morning - SEVEN_IN_THE_MORNING < timedelta(minutes=1)
    assert nobody.told[VOLUNTEER][-1] == 3


def test_an_illness_rings_at_night_and_wakes_nobody_about_anything_else(nobody):
    responder("田保国", VOLUNTEER)
    people = homes(3)
    nobody.set(TEN_IN_THE_EVENING + HOUR)
    nobody.open(CaseKind.NEEDS_SUPPLIES, people[:1])
    nobody.open(CaseKind.NO_KEY, people[1:2])
    nobody.open(CaseKind.UNWELL, people[2:])
    nobody.live_until(clock.now() + timedelta(minutes=1))
    assert (len(nobody.rung[VOLUNTEER]) > 0, set(nobody.told[VOLUNTEER])) == (True, {1})
    assert {rows(Case, id=page.case_id)[0].kind for page in rows(Page)} == {CaseKind.UNWELL}


@pytest.mark.parametrize(
    ("call_until", "last_call", "rings"),
    [
        (time(21), TEN_IN_THE_EVENING - timedelta(minutes=61), True),
        (time(21), TEN_IN_THE_EVENING + timedelta(minutes=1), False),
        (time(22, 30), TEN_IN_THE_EVENING + timedelta(minutes=29), True),
        (time(22, 30), TEN_IN_THE_EVENING + timedelta(minutes=91), False),
        (time(23, 30), TEN_IN_THE_EVENING + timedelta(minutes=89), True),
    ],
)
def test_whoever_says_nothing_in_the_last_calls_of_an_evening_is_looked_after_before_the_quiet_hours(
    nobody, call_until, last_call, rings
):
    """The quiet hours begin an hour after residents may last be rung, and never before ten."""
    responder("田保国", VOLUNTEER)
    with database.unit_of_work() as session:
        the_community(session).call_until = call_until
    nobody.set(last_call)
    nobody.open(CaseKind.NO_KEY, homes(1))
    nobody.live_until(clock.now() + timedelta(minutes=1))
    assert bool(nobody.rung[VOLUNTEER]) == rings


def test_what_is_queued_before_the_quiet_hours_does_not_ring_in_them(nobody):
    responder("田保国", VOLUNTEER)
    nobody.set(TEN_IN_THE_EVENING - timedelta(minutes=2))
    nobody.open(CaseKind.NEEDS_SUPPLIES, homes(1))
    [call] = rows(Call)
    assert call.not_after == TEN_IN_THE_EVENING
    assert {page.state for page in rows(Page)} == {PageState.CALLING}

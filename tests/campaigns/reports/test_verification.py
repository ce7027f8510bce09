"""The certificate of completeness: it holds for a morning as it should be, and each promise that is broken is named."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from campaigns.models import Outcome
from campaigns.queries.round_evidence import AskedOne, Dial
from campaigns.reports.verification import Evidence, Rule, verify
from contacts.hours import Hours
from ivr.models import Direction, Ending

EIGHT = datetime(2026, 11, 23, 0, tzinfo=UTC)
HOURS = Hours(time(7, 30), time(21), ZoneInfo("Asia/Shanghai"))


def minutes(number):
    return EIGHT + timedelta(minutes=number)


def person(number, outcome, attempts=1, answered=None, case=False):
    return AskedOne(UUID(int=number), UUID(int=100 + number), f"居民{number}", outcome, attempts, answered,
                    minutes(30) if outcome else None, None, UUID(int=200 + number) if case else None)  # fmt: skip


def dial(number, at, *, answered=None, ended=None, ending=Ending.COMPLETED, lost=False):
    over = at + 1 if ended is None else ended
    return Dial(UUID(int=1000 + number * 100 + at), UUID(int=number), Direction.OUT, f"+8631186000{number:03}",
                minutes(at), None if answered is None else minutes(answered), minutes(over), ending, lost)  # fmt: skip


ASKED = (
    person(1, Outcome.OK, answered=minutes(1)),
    person(2, Outcome.NO_ANSWER, attempts=3, case=True),
    person(3, Outcome.EXCUSED, attempts=0),
    person(4, Outcome.OK, attempts=0, answered=minutes(-10)),
    person(5, Outcome.UNWELL, answered=minutes(12), attempts=2, case=True),
)
DIALS = (
    dial(1, 0, answered=1, ended=2),
    *(dial(2, at, ending=Ending.NO_ANSWER) for at in (0, 10, 20)),
    dial(5, 0, ending=Ending.BUSY),
    dial(5, 11, answered=12, ended=13),
    dial(3, 5, ending=Ending.NOT_WANTED),
)
MORNING = Evidence(UUID(int=9), True, 3, HOURS, ASKED, DIALS, frozenset({UUID(int=4)}))


def broken(evidence):
    return {rule: tuple(names) for rule, names in verify(evidence).violations.items() if names}


def test_a_morning_as_it_should_be_holds_and_its_numbers_add_up():
    found = verify(MORNING)
    assert broken(MORNING) == {}
    assert found.holds
    assert (found.enrolled, found.open) == (5, 0)
    assert sum(found.counts.values()) + found.open == found.enrolled
    assert list(found.violations) == list(Rule)


def with_person(number, **changes):
    asked = tuple(replace(each, **changes) if each.check_in_id == UUID(int=number) else each for each in ASKED)
    return replace(MORNING, asked=asked)


def with_dial(another):
    return replace(MORNING, dials=(*DIALS, another))


@pytest.mark.parametrize(("evidence", "rule", "who"), [
    (replace(MORNING, asked=(*ASKED, replace(ASKED[2], check_in_id=UUID(int=7)))), Rule.COUNTED, "居民3"),
    (with_person(3, outcome=None, decided_at=None), Rule.DECIDED, "居民3"),
    (with_person(3, decided_at=None), Rule.DECIDED, "居民3"),
    (with_person(2, case_id=None), Rule.LOOKED_AFTER, "居民2"),
    (with_person(2, outcome=Outcome.NOT_ASKED, case_id=None, attempts=0), Rule.LOOKED_AFTER, "居民2"),
    (with_person(2, outcome=Outcome.OK, answered_at=minutes(25)), Rule.ANSWERED, "居民2"),
    (replace(MORNING, told=frozenset()), Rule.ANSWERED, "居民4"),
    (with_person(1, answered_at=None), Rule.ANSWERED, "居民1"),
    (with_dial(dial(2, 28, ending=Ending.BUSY)), Rule.ATTEMPTS, "居民2"),
    (with_person(2, attempts=4), Rule.ATTEMPTS, "居民2"),
    (with_dial(dial(5, -31, ending=Ending.BUSY)), Rule.HOURS, "居民5"),
    (with_dial(dial(1, 15, ending=Ending.BUSY)), Rule.AFTER_ANSWER, "居民1"),
    (with_dial(dial(5, 5, ended=12, ending=Ending.BUSY)), Rule.ONE_AT_A_TIME, "+8631186000005"),
])  # fmt: skip
def test_each_broken_promise_is_found_and_named(evidence, rule, who):
    found = broken(evidence)
    assert who in found[rule]
    assert not verify(evidence).holds


def test_a_call_lost_through_our_own_fault_is_no_attempt():
    assert broken(with_dial(dial(2, 28, ending=Ending.BUSY, lost=True))) == {}


def test_an_open_round_may_have_open_residents():
    assert broken(replace(with_person(3, outcome=None, decided_at=None), complete=False)) == {}


def test_the_digest_is_that_of_what_was_checked():
    assert verify(MORNING).digest == verify(replace(MORNING)).digest
    assert verify(with_dial(dial(2, 28))).digest != verify(MORNING).digest
    assert verify(with_person(2, case_state="closed", case_note="在家")).digest == verify(MORNING).digest


def test_what_is_no_longer_kept_is_said_to_be_unchecked():
    found = verify(replace(MORNING, dials=(), told=frozenset(), has_calls=False))
    assert found.holds
    assert set(found.unchecked) == {Rule.ANSWERED, Rule.ATTEMPTS, Rule.HOURS, Rule.AFTER_ANSWER, Rule.ONE_AT_A_TIME}

"""What is unusual for one person, as a rule of plain values."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.looking import changes
from campaigns.looking.changes import Past, lateness, may_be_a_first_silence, remarks, slowness
from campaigns.models import Outcome
from campaigns.noticed import RemarkKind
from campaigns.outcomes import SAID

EIGHT = datetime(2026, 11, 23, tzinfo=UTC)
CAMPAIGN, EVENING = UUID(int=1), UUID(int=2)
NOTHING = timedelta(0)
outcomes = st.sampled_from([each for each in Outcome if each not in {"not_asked", "excused", "withdrawn"}])


def past(days, minutes=5.0, outcome=Outcome.OK, attempts=1, campaign=CAMPAIGN):
    """One round so many days before the last one, answered so many minutes after it began."""
    started = EIGHT - timedelta(days=days)
    answered = started + timedelta(minutes=minutes) if outcome in SAID else None
    return Past(campaign, started, outcome, attempts, answered)


def weeks(days=28, **last):
    """Rounds of so many days, each answered after 4 to 8 minutes, and one more."""
    return [*(past(each, 4 + each % 5) for each in range(days, 0, -1)), past(0, **last)]


def kinds(history, slow=NOTHING, memory=()):
    return [each.kind for each in remarks(history, slow, memory)]


def test_an_ordinary_day_is_not_remarked():
    assert kinds(weeks(minutes=12)) == []


def test_who_answers_much_later_than_they_usually_do():
    [remark] = remarks(weeks(minutes=61), NOTHING)
    assert (remark.kind, remark.facts) == (RemarkKind.LATER, {"minutes": 55, "rounds": 28})


def test_nobody_is_later_because_the_whole_round_is():
    assert kinds(weeks(minutes=61), timedelta(minutes=50)) == []


def test_whose_hours_vary_is_later_only_by_far_more_than_that():
    history = [*(past(each, 40 * (each % 4)) for each in range(28, 0, -1)), past(0, 130)]
    assert kinds(history) == []
    assert kinds([*history[:-1], past(0, 400)]) == [RemarkKind.LATER]


def test_a_new_resident_has_nothing_usual_yet():
    assert kinds(weeks(days=9, minutes=300, attempts=3)) == []


def test_what_is_usual_in_the_evening_is_not_in_the_morning():
    history = [*(past(each, 5, campaign=EVENING) for each in range(28, 0, -1)), past(0, 200)]
    assert kinds(history) == []


def test_who_needs_more_calls_than_ever():
    [remark] = remarks(weeks(attempts=3), NOTHING)
    assert (remark.kind, remark.facts) == (RemarkKind.MORE_CALLS, {"calls": 3, "rounds": 28})
    assert kinds([past(29), past(20, attempts=2), *weeks(days=19, attempts=2)[:-1], past(0, attempts=2)]) == []


def test_unwell_twice_in_a_week_and_not_in_two():
    history = weeks(outcome=Outcome.UNWELL)
    history[-5] = past(4, outcome=Outcome.UNWELL)
    assert kinds(history) == [RemarkKind.UNWELL_AGAIN]
    history[-5] = past(4)
    history[-9] = past(8, outcome=Outcome.UNWELL)
    assert kinds(history) == []


def test_the_first_silence_after_two_months():
    silent = weeks(outcome=Outcome.NO_ANSWER)
    assert may_be_a_first_silence(silent)
    assert kinds(silent, memory=weeks(days=59, outcome=Outcome.NO_ANSWER)) == []
    [remark] = remarks(silent, NOTHING, weeks(days=60, outcome=Outcome.NO_ANSWER))
    assert (remark.kind, remark.facts["rounds"]) == (RemarkKind.FIRST_SILENCE, 60)


def test_a_third_silence_running_is_remarked_and_so_is_every_later_one():
    def silent(rounds):
        return [past(each + rounds) for each in range(5, 0, -1)] + [
            past(each, outcome=Outcome.NO_ANSWER) for each in range(rounds - 1, -1, -1)
        ]

    assert [kinds(silent(each)) for each in range(1, 6)] == [[], [], *[[RemarkKind.SILENT_ROUNDS]] * 3]
    [remark] = remarks(silent(4), NOTHING)
    assert remark.facts == {"rounds": 4, "since": (EIGHT - timedelta(days=3)).isoformat()}


def test_the_round_is_slow_only_when_most_people_say_so():
    late, early = lateness(weeks(minutes=60)), lateness(weeks(minutes=1))
    assert late is not None
    assert early is not None
    assert slowness([late] * 25 + [early] * 5) == late.by
    assert slowness([early] * 25 + [late] * 5) == NOTHING
    assert slowness([late] * (changes.ENOUGH_PEOPLE - 1)) == NOTHING


rounds = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 300), outcomes, st.integers(1, 3)), min_size=1, max_size=45
)


@given(rounds)
def test_of_whatever_history_each_kind_at_most_once_and_only_for_what_has_happened(drawn):
    history, started = [], EIGHT
    for days, minutes, outcome, attempts in drawn:
        started += timedelta(days=days)
        answered = started + timedelta(minutes=minutes) if outcome in SAID else None
        history.append(Past(CAMPAIGN, started, outcome, attempts, answered))
    found = kinds(history, memory=history)
    assert len(found) == len(set(found))
    answering = {RemarkKind.LATER, RemarkKind.MORE_CALLS, RemarkKind.UNWELL_AGAIN}
    silent = {RemarkKind.FIRST_SILENCE, RemarkKind.SILENT_ROUNDS}
    assert set(found) <= (answering if history[-1].has_answered else silent)
    assert (RemarkKind.SILENT_ROUNDS in found) == (
        len(history) > 2 and not any(each.has_answered for each in history[-3:])
    )


@given(st.floats(1, 600), st.floats(0, 300))
def test_the_later_the_round_the_fewer_are_later_than_it(minutes, slow):
    history = weeks(minutes=minutes)
    if RemarkKind.LATER not in kinds(history):
        assert RemarkKind.LATER not in kinds(history, timedelta(minutes=slow))


@pytest.mark.parametrize("outcome", [Outcome.NO_KEY, Outcome.HUNG_UP, Outcome.VOICEMAIL, Outcome.BUSY])
def test_nothing_but_an_answer_ends_a_silence(outcome):
    history = [past(2, outcome=Outcome.NO_ANSWER), past(1, outcome=outcome), past(0, outcome=Outcome.UNREACHABLE)]
    assert kinds(history) == [RemarkKind.SILENT_ROUNDS]

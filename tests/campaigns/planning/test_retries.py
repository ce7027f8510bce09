"""Retry plans: never more attempts, never outside hours, never sooner than the plan's pause, whatever happens."""

from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import outcomes
from campaigns.models import Outcome
from campaigns.outcomes import Plan
from campaigns.planning import retries
from contacts.hours import Hours, instant
from core.errors import UserError
from core.i18n import Language
from ivr.models import Ending

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
ENDINGS = {
    Outcome.BUSY: Ending.BUSY, Outcome.NO_ANSWER: Ending.NO_ANSWER, Outcome.VOICEMAIL: Ending.COMPLETED,
    Outcome.HUNG_UP: Ending.COMPLETED, Outcome.UNREACHABLE: Ending.FAILED,
}  # fmt: skip
RESULTS = st.sampled_from([*ENDINGS, "refused", "not dialled"])
MINUTES = st.integers(1, 240)
PLANS = st.fixed_dictionaries({}, optional={
    **{each.value: st.none() | MINUTES for each in ENDINGS}, retries.OTHER_NUMBER: MINUTES,
})  # fmt: skip
NUMBERS = ["+8631186000101", "+8613800000101"]


@st.composite
def mornings(draw):
    zone = draw(st.sampled_from(ZONES))
    hours = Hours(time(7, 30), time(21), zone)
    day = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    begins = instant(day, draw(st.times(time(7, 30), time(20))), zone)
    kept = draw(PLANS)
    attempts, retry, length = draw(st.integers(1, 5)), draw(MINUTES), draw(st.integers(30, 1500))
    plan = Plan(attempts, timedelta(minutes=retry), begins + timedelta(minutes=length), hours, timedelta(minutes=2),
                retries.pauses(kept), retries.other_number(kept))  # fmt: skip
    return plan, begins, kept


@given(mornings(), st.lists(st.tuples(RESULTS, st.integers(0, 400)), max_size=12), st.integers(1, 2))
def test_whatever_the_results_and_outages_the_plan_is_kept(morning, happenings, telephones):
    """After each call the service may be down for so many minutes before it dials what has become due."""
    plan, now, kept = morning
    numbers, refused, last, dials = NUMBERS[:telephones], [], None, []
    due = plan.next_dial(now)
    for result, outage in happenings:
        at = None if due is None else plan.next_dial(max(due, now + timedelta(minutes=outage)))
        number = outcomes.number_to_try(numbers, refused, last)
        if at is None or number is None:
            break
        now = at
        contact = result if isinstance(result, Outcome) else Outcome.UNREACHABLE
        ending = ENDINGS.get(result, Ending.REFUSED if result == "refused" else Ending.NOT_WANTED)
        if ending is Ending.REFUSED:
            refused.append(number)
        elif ending is not Ending.NOT_WANTED:
            dials.append((at, number, contact))
            last = (number, contact)
        following = outcomes.number_to_try(numbers, refused, last)
        pause = outcomes.pause_after(plan, ending, contact, elsewhere=following != number)
        left = len(outcomes.numbers_left(numbers, refused))
        due = None if pause is None else outcomes.next_attempt(plan, len(dials), left, contact, now + pause)
    assert len(dials) <= plan.attempts
    for at, *_ in dials:
        assert plan.hours.permit(at)
        assert at + plan.lead <= plan.hours.closing(at)
        assert at < plan.last_dial - plan.lead
    for (before, rung, contact), (at, number, _) in pairwise(dials):
        own = kept.get(contact.value, plan.retry // timedelta(minutes=1))
        assert own is not None
        pause = own if number == rung else kept.get(retries.OTHER_NUMBER, own)
        if not refused:
            assert at - before >= timedelta(minutes=pause)


def test_a_busy_line_is_rung_again_sooner():
    usual = retries.usual(10)
    assert retries.pauses(usual) == {Outcome.BUSY: timedelta(minutes=5)}
    assert retries.longest(10, usual) == 10


@given(PLANS)
def test_what_is_written_is_read_as_the_same(kept):
    assert retries.read(retries.written(kept)) == kept


def test_it_is_typed_in_either_language():
    assert retries.read("占线=5，留言机=不再打、备用电话=2") == {"busy": 5, "voicemail": None, "other_number": 2}


@pytest.mark.parametrize("typed", ["busy", "busy=0", "busy=241", "busy=soon", "ok=5", "other-number=never", "=5"])
def test_what_is_not_clear_is_refused(typed):
    with pytest.raises(UserError) as refused:
        retries.read(typed)
    assert refused.value.field == "retry"
    assert refused.value.describe(Language.CHINESE)

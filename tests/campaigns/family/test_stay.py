"""“She is with me until Friday”: nobody rings, in the relative's name, and for no longer than a month."""

from datetime import timedelta

import pytest

from campaigns.family import plan, stay
from campaigns.models import CheckIn
from campaigns.people import resident_status
from contacts import queries
from contacts.models import Pause
from contacts.people import absences
from core import actors
from core.errors import ConflictError, UserError
from core.running.events import Event
from tests.campaigns.mornings import a_round, campaign
from tests.switchboard import rows


def today(story):
    return story.see(lambda session: absences.local_today(session, queries.resident(session, story.granny)))


def test_until_a_day_nobody_rings_and_the_office_reads_with_whom_she_is(story):
    a_round()
    last = today(story) + timedelta(days=4)
    story.do(stay.stays_until, story.daughter, last)
    [pause] = rows(Pause)
    assert (pause.first_day, pause.last_day, pause.reason) == (today(story), last, "在亲属家：小梅")
    assert rows(CheckIn)[0].reason == "paused"
    [told] = rows(Event, kind="resident.paused")
    assert (told.actor_kind, told.actor_id) == ("relative", story.daughter)


@pytest.mark.parametrize(("days", "field"), [(None, "last_day"), (-1, "until"), (32, "last_day")])
def test_a_day_that_is_missing_over_or_too_far_is_refused(story, days, field):
    last = None if days is None else today(story) + timedelta(days=days)
    with pytest.raises(UserError) as refusal:
        story.do(stay.stays_until, story.daughter, last)
    assert (refusal.value.field, rows(Pause)) == (field, [])


def test_a_month_may_be_said(story):
    story.do(stay.stays_until, story.daughter, today(story) + stay.LONGEST)
    assert rows(Pause)[0].last_day == today(story) + timedelta(days=31)


def test_she_is_home_earlier_and_is_rung_from_the_next_round_on(story):
    story.do(stay.stays_until, story.daughter, today(story) + timedelta(days=4))
    story.do(stay.is_back, story.daughter)
    assert rows(Pause) == []
    assert rows(Event, kind="resident.resumed")[0].actor_id == story.daughter


def test_what_the_office_has_paused_without_an_end_is_not_a_relatives_to_end(story):
    story.do(resident_status.pause, actors.user("社区"), story.granny, today(story), None, "住院")
    with pytest.raises(ConflictError):
        story.do(stay.is_back, story.daughter)
    assert rows(Pause)[0].last_day is None


def test_what_is_arranged_is_told_as_it_is_and_names_no_role_that_nobody_has(story):
    campaign(attempts=2)
    told = story.see(plan.plan_of, story.granny)
    assert (told.attempts, told.next_at is not None) == (2, True)
    assert [list(step) for step in told.silent.steps] == [["volunteer"]]
    assert [list(step) for step in told.unwell.steps] == [["volunteer"]]
    assert (told.silent.at_any_hour, told.unwell.at_any_hour) == (False, True)

"""“I have spoken to her, she is fine”: what it ends, in whose name, and what it never does."""

from datetime import timedelta

import pytest

from campaigns.family import word
from campaigns.family.news import news_of
from campaigns.models import CheckIn, Outcome
from campaigns.rounds import attempts, check_ins
from contacts.hours import hours_of
from contacts.models import Removal, Resident
from contacts.people import residents
from core import actors
from core.errors import ConflictError
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.deeds.family_word import NO_CONTACT
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Page
from ivr.models import Call, Text
from tests.campaigns.family.conftest import DAUGHTER, SON, TIAN
from tests.campaigns.mornings import a_round, later
from tests.switchboard import rows


def queue():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def opened(story, kind):
    return story.do(lambda session: cases.open_case(session, actors.system(), kind, story.granny, None).id)


def spoke(story):
    return story.do(word.spoke, story.by, story.granny)


def news(story):
    with database.reading() as session:
        zone = hours_of(session.get_one(Resident, story.granny).community).zone
        return news_of(session, story.granny, zone)


def test_after_an_attempt_in_vain_nobody_rings_her_again_and_it_is_no_answer_of_hers(story):
    a_round(retry_minutes=10)
    queue()
    story.house.miss(story.home)
    [waiting] = rows(CheckIn)
    assert waiting.next_attempt_at is not None
    spoke(story)
    later(minutes=30)
    queue()
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason, check_in.answered_at) == (Outcome.EXCUSED, "family_spoke", None)
    assert len(rows(Call, number=story.home)) == 1
    assert (news(story).sentence, rows(Case)) == ("family_spoke", [])
    [told] = rows(Event, kind="check_in.decided")
    assert (told.actor_kind, told.actor_id) == ("relative", story.daughter)


def test_whoever_has_not_been_rung_yet_is_rung_all_the_same(story):
    a_round()
    assert not spoke(story).check_ins
    queue()
    assert story.house.waiting_for(story.home)


def test_whoever_is_on_the_telephone_is_heard_to_the_end(story):
    a_round(retry_minutes=10)
    queue()
    story.house.miss(story.home)
    later(minutes=11)
    queue()
    call = story.house.pick_up(story.home)
    spoke(story)
    call.press("3").hang_up()
    assert (rows(CheckIn)[0].outcome, rows(Case)[0].kind) == (Outcome.UNWELL, CaseKind.UNWELL)


@pytest.mark.parametrize("kind", sorted(NO_CONTACT))
def test_a_case_of_silence_is_closed_in_her_name_and_no_telephone_rings_about_it(story, kind):
    case_id = opened(story, kind)
    assert [page.state for page in rows(Page)] == ["calling"]
    [closed] = spoke(story).cases
    [case] = rows(Case)
    assert (closed.id, case.state, case.finding) == (case_id, CaseState.CLOSED, Finding.FAMILY_SPOKE)
    assert [page.state for page in rows(Page)] == ["withdrawn"]
    [told] = rows(Event, kind="case.closed")
    assert (told.actor_kind, told.actor_id) == ("relative", story.daughter)


@pytest.mark.parametrize("kind", sorted(set(CaseKind) - NO_CONTACT - {CaseKind.NOT_ASKED, CaseKind.SILENCE_CLUSTER}))
def test_what_she_has_said_herself_stays_open(story, kind):
    opened(story, kind)
    assert not spoke(story).cases
    assert (rows(Case)[0].state, rows(Event, kind="case.closed")) == (CaseState.OPEN, [])


def test_a_silence_that_became_worse_meanwhile_stays_open(story):
    opened(story, CaseKind.NO_ANSWER)
    story.house.ring(story.home).press("3").hang_up()
    spoke(story)
    assert CaseKind.UNWELL in {each.kind for each in rows(Case) if each.state == CaseState.OPEN}


def test_saying_it_twice_does_nothing_twice(story):
    opened(story, CaseKind.NO_ANSWER)
    spoke(story)
    assert spoke(story) == word.Spoken([], [])
    assert len(rows(Event, kind="case.closed")) == 1


def test_a_helper_who_has_it_in_hand_is_told_and_learns_no_name(story):
    case_id = opened(story, CaseKind.NO_ANSWER)
    story.house.pick_up(TIAN).press("1").hang_up()
    assert rows(Case)[0].accepted_by_id == story.tian
    spoke(story)
    [text] = story.texts(TIAN, Text)
    assert "家属已与老人通话" in text
    assert "3号楼" in text
    assert not {"王奶奶", "101", "小梅"} & {each for each in ("王奶奶", "101", "小梅") if each in text}
    assert rows(Case, id=case_id)[0].state == CaseState.CLOSED


def test_the_rest_of_the_family_is_told_that_it_was_a_relative_and_nobody_twice(story):
    story.son()
    a_round(attempts=1)
    queue()
    story.house.miss(story.home)
    assert "没有回答" in story.texts(SON, Text)[0]
    spoke(story)
    assert "家里人已和王奶奶说过话" in story.texts(SON, Text)[-1]
    assert len(story.texts(SON, Text)) == 2


def test_her_own_answer_afterwards_counts_as_ever(story):
    a_round(attempts=1)
    queue()
    story.house.miss(story.home)
    spoke(story)
    story.house.ring(story.home).press("3").hang_up()
    assert rows(Case)[0].state == CaseState.OPEN
    assert (rows(Case)[0].kind, rows(CheckIn)[0].outcome) == (CaseKind.UNWELL, Outcome.UNWELL)


def test_of_whoever_is_looked_after_no_more_nothing_is_said(story):
    story.do(residents.mark_removed, actors.user("社区"), story.granny, Removal.MOVED_AWAY)
    with pytest.raises(ConflictError):
        spoke(story)


def test_she_answered_too_late_and_that_is_what_the_family_reads(story):
    a_round(attempts=1)
    queue()
    story.house.miss(story.home)
    assert news(story).sentence == "not_reached"
    story.pass_(minutes=20)
    with database.unit_of_work() as session:
        check_ins.hear(session, session.get_one(CheckIn, rows(CheckIn)[0].id), Outcome.OK)
    shown = news(story)
    assert (shown.sentence, shown.at - rows(CheckIn)[0].decided_at >= timedelta(minutes=19)) == ("ok", True)


def test_the_daughter_is_told_only_of_what_others_need_to_tell_her(story):
    """She has said it herself: the text that it is closed goes to everybody else who was alarmed."""
    a_round(attempts=1)
    queue()
    story.house.miss(story.home)
    spoke(story)
    assert len(story.texts(DAUGHTER, Text)) == 1

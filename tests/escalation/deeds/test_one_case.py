"""One open case of a kind about a resident; two may become one, and one may be opened again."""

from datetime import timedelta

import pytest

from campaigns.models import CheckIn, Outcome
from campaigns.people import resident_merging, resident_status
from campaigns.rounds import attempts, check_ins
from contacts.models import PhoneState, Removal
from core import actors, clock
from core.errors import ConflictError, UserError
from core.running.events import Event
from core.storage import database
from escalation import queries
from escalation.cases import cases, time_line
from escalation.deeds import merging, notes, reopening
from escalation.deeds.offers import Offer, offers
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseNote, CaseState, Page, PageState, Report, TruthCall
from tests.campaigns.mornings import HOME, a_round, campaign, later, start
from tests.escalation.deeds.conftest import TIAN, WEI
from tests.switchboard import resident, rows


def opened(story, kind, **about):
    return story.do(lambda session, by: cases.open_case(session, by, kind, story.granny, None, **about).id)


def lines(case_id):
    with database.reading() as session:
        return [(each.event, each.note) for each in time_line.of_case(session, case_id)]


def test_a_second_case_of_a_kind_joins_the_open_one_and_the_ladder_begins_anew(story):
    first = opened(story, CaseKind.NO_ANSWER)
    [rung] = {page.responder_id for page in rows(Page)}
    story.house.pick_up(TIAN if rung == story.tian else WEI).press("2").hang_up()
    later(days=1)
    again = opened(story, CaseKind.NO_ANSWER)
    assert again == first
    assert len(rows(Case)) == 1
    assert "case.joined" in [event for event, _ in lines(first)]
    asked = sorted(rows(Page), key=lambda page: page.asked_at)
    assert clock.now() - asked[-1].asked_at < timedelta(minutes=1)


def test_whoever_has_it_in_hand_has_what_joins_it(story):
    case_id = story.taken()
    assert opened(story, CaseKind.UNWELL) == case_id
    assert (story.case.state, story.case.accepted_by_id) == (CaseState.ACCEPTED, story.tian)
    assert [page for page in rows(Page) if page.state == PageState.CALLING] == []


@pytest.mark.parametrize("kind", [CaseKind.MESSAGE, CaseKind.BUSY])
def test_another_kind_and_every_message_is_a_case_of_its_own(story, kind):
    opened(story, CaseKind.NO_ANSWER)
    opened(story, kind)
    opened(story, kind)
    assert len(rows(Case)) == (3 if kind is CaseKind.MESSAGE else 2)


def test_somebody_elses_case_is_another_one(story):
    opened(story, CaseKind.NO_ANSWER)
    other = resident("李爷爷", "+8631186000103", room="102")
    story.do(lambda session, by: cases.open_case(session, by, CaseKind.NO_ANSWER, other, None))
    assert len(rows(Case)) == 2


def test_the_check_in_of_the_next_day_leads_to_the_case_that_is_open(story):
    """What she says in the second round is looked after by the case of the first, and no check-in is without one."""
    plan = campaign()
    for _ in range(2):
        start(plan)
        with database.unit_of_work() as session:
            for each in session.query(CheckIn).filter(CheckIn.outcome.is_(None)):
                check_ins.hear(session, each, Outcome.NEEDS_SUPPLIES)
                assert queries.case_of_check_in(session, each.id).merged_into_id is None
        later(days=1)
    first, second = sorted(rows(CheckIn), key=lambda each: each.decided_at)
    with database.reading() as session:
        found = queries.case_of_check_in(session, second.id)
        assert found.id == queries.case_of_check_in(session, first.id).id
        assert found.check_in_id == first.id
    assert [each.state for each in rows(Case) if each.merged_into_id is None] == [CaseState.OPEN]


def test_what_was_said_before_the_round_leads_to_the_case_that_it_has_joined(story):
    """She rings at seven about what is open since yesterday; the round of the day takes her answer over."""
    plan = campaign()
    start(plan)
    with database.unit_of_work() as session:
        check_ins.hear(session, session.query(CheckIn).one(), Outcome.UNWELL)
    first = story.case.id
    later(days=1)
    story.house.ring(HOME).press("3").hang_up()
    joined = [event for event, _ in lines(first)].count("case.joined")
    assert joined == 1
    start(plan)
    second = max(rows(CheckIn), key=lambda each: each.id)
    assert second.outcome == Outcome.UNWELL
    with database.reading() as session:
        assert queries.case_of_check_in(session, second.id).id == first
    assert [event for event, _ in lines(first)].count("case.joined") == joined


def test_unwell_once_more_on_another_day_is_rung_back_again(story):
    case_id = story.unwell()
    with database.unit_of_work() as session:
        told = session.get_one(TruthCall, case_id)
        told.call_id, told.due_at = rows(Page)[0].call_id, None
    later(days=1)
    opened(story, CaseKind.UNWELL)
    [told] = rows(TruthCall)
    assert (told.call_id, told.due_at) == (None, told.said_at + timedelta(minutes=5))


def test_a_note_is_told_in_the_time_line_and_the_case_goes_on(story):
    case_id = story.taken()
    story.do(notes.note, case_id, "  下午再去一次 ")
    assert lines(case_id)[-1] == ("case.noted", "下午再去一次")
    assert story.case.state == CaseState.ACCEPTED
    assert "下午" not in str([each.facts for each in rows(Event)])
    with pytest.raises(UserError):
        story.do(notes.note, case_id, "   ")


def test_a_closed_case_is_opened_again_with_its_reason_and_the_first_helpers_are_rung(story):
    case_id = story.taken()
    story.do(cases.close, case_id, "", Finding.FINE)
    later(hours=1)
    story.do(reopening.reopen, case_id, "找错了人家")
    case = story.case
    assert (case.state, case.finding, case.closed_at, case.accepted_by_id) == (CaseState.OPEN, None, None, None)
    assert {page.responder_id for page in rows(Page) if page.state == PageState.CALLING} == {story.tian, story.wei}
    assert ("case.reopened", "找错了人家") in lines(case_id)


def test_a_case_is_opened_again_while_the_call_that_told_of_it_rings_for_another(story):
    """The telephone rings on for another case, and tells of this one once more."""
    supplies, silent = opened(story, CaseKind.NEEDS_SUPPLIES), opened(story, CaseKind.NO_ANSWER)
    [call] = {page.call_id for page in rows(Page)}
    story.do(cases.close, silent, "", Finding.FINE)
    story.do(reopening.reopen, silent, "没有找到人")
    told = {page.case_id: page.state for page in rows(Page) if page.call_id == call}
    assert told == {supplies: PageState.CALLING, silent: PageState.CALLING}


def test_an_open_case_is_not_opened_again_nor_one_beside_another_of_its_kind(story):
    case_id = story.taken()
    with pytest.raises(ConflictError):
        story.do(reopening.reopen, case_id, "还在办")
    story.do(cases.close, case_id, "", Finding.FINE)
    with pytest.raises(UserError):
        story.do(reopening.reopen, case_id, " ")
    opened(story, CaseKind.UNWELL)
    with pytest.raises(ConflictError):
        story.do(reopening.reopen, case_id, "两件")


def test_of_two_the_more_urgent_goes_on_with_both_time_lines(story):
    supplies = opened(story, CaseKind.NEEDS_SUPPLIES)
    ill = opened(story, CaseKind.UNWELL)
    with database.unit_of_work() as session:
        session.get_one(Case, supplies).needs = ["medicine"]
    kept = story.do(merging.merge, supplies, ill).id
    assert kept == ill
    case, other = (next(each for each in rows(Case) if each.id == id_) for id_ in (ill, supplies))
    assert (case.state, case.kind, case.needs) == (CaseState.OPEN, CaseKind.UNWELL, ["medicine"])
    assert (other.state, other.merged_into_id, other.finding, other.look_at) == (CaseState.CLOSED, ill, None, None)
    told = [event for event, _ in lines(ill)]
    assert told.count("case.opened") == 2
    assert "case.merged" in told
    assert "case.merged_away" in [event for event, _ in lines(supplies)]
    live = [page for page in rows(Page) if page.state == PageState.CALLING]
    assert {page.case_id for page in live} == {ill}


def test_who_has_the_lesser_one_has_not_heard_of_the_other_so_it_is_asked_about_all_the_same(story):
    supplies = opened(story, CaseKind.NEEDS_SUPPLIES)
    story.do(cases.accept, supplies, story.tian)
    ill = opened(story, CaseKind.UNWELL)
    assert story.do(merging.merge, ill, supplies).id == ill
    case = next(each for each in rows(Case) if each.id == ill)
    assert (case.state, case.accepted_by_id) == (CaseState.OPEN, None)
    assert case.look_at is not None


def test_of_two_alike_the_one_that_somebody_has_goes_on(story):
    silent, busy = opened(story, CaseKind.NO_ANSWER), opened(story, CaseKind.BUSY)
    story.do(cases.accept, busy, story.tian)
    assert story.do(merging.merge, silent, busy).id == busy
    assert story.do(lambda session, by: session.get_one(Case, busy).state) == CaseState.ACCEPTED


def test_whoever_of_the_family_was_told_of_the_other_one_is_told_how_it_ended(story):
    a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
        check_ins.hear(session, session.query(CheckIn).one(), Outcome.NEEDS_SUPPLIES)
    [supplies] = {each.case_id for each in rows(Report)}
    ill = opened(story, CaseKind.UNWELL)
    story.do(merging.merge, supplies, ill)
    assert {each.case_id for each in rows(Report)} == {ill}
    story.do(cases.close, ill, "", Finding.FINE)
    assert "closed" in [each.news for each in rows(Report)]


def test_what_was_merged_leads_to_the_one_that_goes_on_however_often(story):
    first, second, third = (
        opened(story, kind) for kind in (CaseKind.WANTS_PERSON, CaseKind.NO_ANSWER, CaseKind.UNWELL)
    )
    story.do(merging.merge, first, second)
    story.do(merging.merge, second, third)
    assert {each.merged_into_id for each in rows(Case) if each.id != third} == {third}
    with pytest.raises(ConflictError):
        story.do(merging.merge, first, third)
    with pytest.raises(ConflictError):
        story.do(reopening.reopen, first, "还要")


def test_two_files_of_one_person_have_one_case_of_a_kind(story):
    """The person had been written down twice, and nobody was reached under either name."""
    twice = resident("王奶奶二", "+8631186000109", room="101")
    opened(story, CaseKind.NO_ANSWER)
    story.do(lambda session, by: cases.open_case(session, by, CaseKind.NO_ANSWER, twice, None))
    story.do(resident_merging.merge, story.granny, twice)
    assert sorted((each.state, each.resident_id) for each in rows(Case)) == [
        (CaseState.CLOSED, story.granny), (CaseState.OPEN, story.granny)
    ]  # fmt: skip


def test_cases_of_two_people_are_not_merged(story):
    other = resident("李爷爷", "+8631186000103", room="102")
    theirs = story.do(lambda session, by: cases.open_case(session, by, CaseKind.BUSY, other, None).id)
    with pytest.raises(ConflictError):
        story.do(merging.merge, opened(story, CaseKind.BUSY), theirs)


def suggested(case_id):
    with database.reading() as session:
        return list(offers(session, session.get_one(Case, case_id)))


def test_a_death_suggests_to_end_the_check_ins_and_does_nothing_by_itself(story):
    case_id = story.taken()
    story.do(cases.close, case_id, "", Finding.DECEASED)
    assert suggested(case_id) == [Offer.END_CHECK_INS]
    story.do(resident_status.remove, story.granny, Removal.DECEASED)
    assert suggested(case_id) == []


def test_a_wrong_number_suggests_to_mark_it_while_there_is_one_that_is_rung(story):
    case_id = story.taken()
    assert suggested(case_id) == []
    story.do(cases.close, case_id, "", Finding.WRONG_NUMBER)
    assert suggested(case_id) == [Offer.MARK_NUMBER]
    for number in (HOME, "+8613800000101"):
        story.do(resident_status.set_phone_state, story.granny, number, PhoneState.WRONG)
    assert suggested(case_id) == []


def test_notes_are_rows_of_their_own_that_nobody_changes(story):
    case_id = story.taken()
    for said in ("一", "二"):
        story.do(notes.note, case_id, said, by=actors.user("王芳"))
    assert sorted(each.body for each in rows(CaseNote)) == ["一", "二"]

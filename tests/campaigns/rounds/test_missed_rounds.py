"""Rounds that were slept through, over a real database and a clock turned by hand: nobody is rung at night, nobody is
said not to have answered who was not asked, and the office has one case."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from campaigns import queries, round_tally, set_back
from campaigns.changes import new_campaigns, round_starts
from campaigns.inbound import resident_answers
from campaigns.models import Campaign, CampaignState, CheckIn, Outcome, Round, Trial
from campaigns.rounds import attempts, auditor, round_end, trials
from campaigns.rounds.early_answers import Said
from console.shell.part_rendering import piece
from console.view.parts import TOP
from console.view.today import today
from contacts.community.community import the_community
from contacts.models import Pause, Resident
from core import actors, clock
from core.clock import Anchor
from core.i18n import Language
from core.running import events, troubles
from core.running.events import Event
from core.storage import database
from core.storage.database import reading
from escalation.models import Case
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Text
from tests import people
from tests.switchboard import resident, responder, rows
from zaoan.cli.documents import case_documents, check_in_documents

HOMES = [f"+863118600{index:04d}" for index in range(1, 31)]
SEVEN = datetime(2026, 11, 22, 23, tzinfo=UTC)
"""Seven in the morning of Monday the 23rd in Shanghai."""


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def morning(switchboard):
    """Five residents, a neighbour, the office, a daughter who wants to know everything, and a campaign at eight."""
    at(SEVEN)
    for index in range(5):
        resident(f"王{index}", HOMES[index], room=str(100 + index))
    responder("邻居", "+8613900000001")
    responder("办公室", "+8613900000009", role="office")
    with database.unit_of_work() as session:
        community = the_community(session)
        community.call_from, community.call_until = time(7, 30), time(21)
        for each in session.scalars(select(Resident)).all():
            people.relative(session, each.id, "女儿", "+8613700000001", wants="everything")
    create()
    return switchboard


def at(instant):
    clock.set_anchor(Anchor(clock.real_now(), instant))


def local(hour, minute=0, day=0):
    at(SEVEN + timedelta(days=day, hours=hour - 7, minutes=minute))


def create(name="早安", **plan):
    with database.unit_of_work() as session:
        return new_campaigns.create_campaign(session, actors.system(), name, flags=None, **plan).id


def tick():
    """What the service does every second, without the telephone."""
    with database.unit_of_work() as session:
        round_end.close_past_deadline(session, clock.now())
    with database.unit_of_work() as session:
        round_starts.start_due(session)
    for _ in range(100):
        with database.unit_of_work() as session:
            if not attempts.queue_due(session):
                return
    raise AssertionError("the queue never ends")


def expire():
    """The telephone takes from its queue what may not be dialled any more."""
    with database.unit_of_work() as session:
        for call in session.scalars(select(Call).where(Call.state == CallState.QUEUED)).all():
            if clock.now() >= call.not_after - calls.lead(call.ring_seconds):
                calls.end(session, call.id, Ending.NOT_WANTED)


def ring(count, ending=None):
    """So many of the queued calls to residents are dialled, and end."""
    with database.unit_of_work() as session:
        queued = select(Call).where(Call.state == CallState.QUEUED, Call.owner == "check_in").order_by(Call.id)
        for call in session.scalars(queued.limit(count)).all():
            call.state, call.dialled_at = CallState.PLACED, clock.now()
            session.flush()
            if ending:
                calls.end(session, call.id, ending)


def outcomes(index=-1):
    with database.reading() as session:
        round_ = session.scalars(select(Round).order_by(Round.occurrence)).all()[index]
        return [each.outcome for each in queries.check_ins(session, round_.id)]


def cases():
    return sorted((case.kind, case.people) for case in rows(Case))


def asked():
    """Who is rung about cases."""
    return sorted({call.number for call in rows(Call) if call.owner == "page"})


def told(word):
    return [event.facts for event in rows(Event) if event.kind == word]


def test_asleep_over_the_morning_the_round_rings_nobody_and_the_office_has_one_case(morning):
    local(22, 43)
    tick()
    tick()
    assert outcomes() == ["not_asked"] * 5
    assert [call for call in rows(Call) if call.owner == "check_in"] == []
    assert cases() == [("not_asked", 5)]
    assert rows(Text) == []
    assert "+8613900000001" not in asked()
    with database.reading() as session:
        [round_] = session.scalars(select(Round)).all()
        report = round_tally.report(session, round_.id)
        assert (report.enrolled, report.open, report.counts, report.complete) == (5, 0, {"not_asked": 5}, True)
        [document] = case_documents(session, session.scalars(select(Case)).all())
        shown = today(session)
        [(case_id, names)] = shown.not_called.items()
        assert (str(case_id), names, shown.cases[0].people) == (document["id"], document["residents"], 5)
        assert document["residents"] == [f"王{index}的全名" for index in range(5)]
        assert {line["case"]["id"] for line in check_in_documents(session, round_.id)} == {document["id"]}
    with reading() as session:
        shown = today(session)
    page = "".join(piece(Language.ENGLISH, shown, key) or "" for key in TOP)
    assert "5 people" in page
    assert "王4的全名" in page
    assert "Everybody has been rung" not in page
    assert [facts["people"] for facts in told("round.not_asked")] == [5]
    assert told("round.completed") == []


def test_the_next_morning_begins_as_ever(morning):
    local(22, 43)
    tick()
    local(8, 0, day=1)
    tick()
    assert outcomes() == [None] * 5
    assert len([call for call in rows(Call) if call.owner == "check_in"]) == 5


def test_late_but_still_of_use_everybody_is_rung_and_the_office_reads_that_it_is_late(morning):
    local(10, 15)
    tick()
    assert outcomes() == [None] * 5
    assert len(told("round.late")) == 1
    [round_] = rows(Round)
    assert round_.deadline <= SEVEN + timedelta(hours=5, minutes=5)
    assert cases() == []


def test_whoever_wished_for_a_later_time_is_rung_then_although_it_is_too_late_for_the_others(morning):
    with database.unit_of_work() as session:
        session.scalars(select(Resident)).all()[0].call_time = time(16, 0)
    local(13)
    tick()
    assert sorted(map(str, outcomes())) == ["None", *["not_asked"] * 4]
    local(16, 1)
    tick()
    assert len([call for call in rows(Call) if call.owner == "check_in"]) == 1
    assert cases() == [("not_asked", 4)]


def test_whoever_is_away_is_excused_and_not_in_the_case(morning):
    with database.unit_of_work() as session:
        away = session.scalars(select(Resident)).all()[0].id
        session.add(Pause(resident_id=away, first_day=date(2026, 11, 23), last_day=date(2026, 11, 23)))
    local(22, 43)
    tick()
    assert outcomes() == ["excused", *["not_asked"] * 4]
    assert cases() == [("not_asked", 4)]


def test_asleep_in_the_middle_who_was_rung_keeps_that_and_who_was_not_was_not_asked(morning):
    local(8)
    tick()
    ring(2, Ending.NO_ANSWER)
    local(22, 43)
    tick()
    expire()
    tick()
    assert sorted(outcomes()) == ["no_answer"] * 2 + ["not_asked"] * 3
    assert cases() == [("no_answer", None), ("no_answer", None), ("not_asked", 3)]
    assert {text.number for text in rows(Text)} == {"+8613700000001"}
    assert len(rows(Text)) == 2
    auditor.audit()
    assert len(rows(Case)) == 3


def test_asleep_while_a_telephone_rang_its_end_decides_and_not_the_clock(morning):
    local(8)
    tick()
    ring(1)
    local(22, 43)
    tick()
    expire()
    tick()
    assert sorted(map(str, outcomes())) == ["None", *["not_asked"] * 4]
    with database.unit_of_work() as session:
        [call] = session.scalars(select(Call).where(Call.state == CallState.PLACED)).all()
        assert call.hang_up_wanted
        calls.end(session, call.id, Ending.BUSY)
    tick()
    assert sorted(outcomes()) == ["busy", *["not_asked"] * 4]


def test_a_call_whose_end_nobody_can_tell_does_not_keep_the_round_open(morning):
    local(8)
    tick()
    ring(1)
    local(22, 43)
    auditor.audit()
    assert sorted(outcomes()) == ["no_answer", *["not_asked"] * 4]
    with database.unit_of_work() as session:
        [call] = session.scalars(select(Call).where(Call.state == CallState.PLACED)).all()
        calls.end(session, call.id, Ending.COMPLETED)
    assert sorted(outcomes()) == ["hung_up", *["not_asked"] * 4]
    assert ("hung_up", None) in cases()


def test_a_short_sleep_in_the_middle_only_delays(morning):
    local(8)
    tick()
    ring(2, Ending.NO_ANSWER)
    local(9)
    tick()
    assert outcomes() == [None] * 5
    assert len([call for call in rows(Call) if call.state == CallState.QUEUED and call.owner == "check_in"]) == 5


def test_who_could_not_be_rung_by_the_deadline_is_rung_on_while_it_is_of_use(morning):
    local(8)
    tick()
    ring(2, Ending.NO_ANSWER)
    local(10, 30)
    tick()
    expire()
    tick()
    assert sorted(map(str, outcomes())) == ["None"] * 3 + ["no_answer"] * 2
    assert cases() == [("no_answer", None), ("no_answer", None), ("not_asked", 3)]
    assert len([call for call in rows(Call) if call.state == CallState.QUEUED and call.owner == "check_in"]) == 3
    ring(1, Ending.NO_ANSWER)
    local(12, 6)
    tick()
    expire()
    tick()
    assert sorted(outcomes()) == ["no_answer"] * 3 + ["not_asked"] * 2
    assert ("not_asked", 2) in cases()


def test_with_a_second_number_that_was_never_tried_a_refusal_is_not_unreachable(morning):
    local(8)
    tick()
    with database.unit_of_work() as session:
        check_in = session.scalars(select(CheckIn).order_by(CheckIn.id)).all()[0]
        check_in.numbers = [*check_in.numbers, HOMES[20]]
    ring(1, Ending.REFUSED)
    local(22, 43)
    tick()
    expire()
    tick()
    assert outcomes() == ["not_asked"] * 5


def test_where_every_number_is_refused_the_resident_is_unreachable_and_has_a_case_of_their_own(morning):
    local(8)
    tick()
    ring(1, Ending.REFUSED)
    tick()
    assert sorted(map(str, outcomes())) == ["None"] * 4 + ["unreachable"]
    assert cases() == [("unreachable", None)]


def test_a_resident_who_was_not_asked_and_rings_us_is_heard_and_the_case_is_about_the_others(morning):
    local(22, 43)
    tick()
    with database.unit_of_work() as session:
        first, second, *_ = session.scalars(select(Resident).order_by(Resident.id)).all()
        resident_answers.hear(session, first.id, Said(Outcome.OK, clock.now()))
        resident_answers.hear(session, second.id, Said(Outcome.UNWELL, clock.now()))
    assert sorted(outcomes()) == ["not_asked"] * 3 + ["ok", "unwell"]
    assert cases() == [("not_asked", 3), ("unwell", None)]


def test_a_clock_that_jumps_a_day_forward_starts_one_round_and_tells_of_the_one_it_missed(morning):
    local(8)
    tick()
    ring(1, Ending.NO_ANSWER)
    local(8, 10, day=1)
    tick()
    expire()
    tick()
    assert sorted(map(str, outcomes(0))) == ["no_answer", *["not_asked"] * 4]
    assert len(rows(Round)) == 2
    numbers = [call.number for call in rows(Call) if call.owner == "check_in" and call.state == CallState.QUEUED]
    assert sorted(numbers) == sorted(HOMES[:5])


def test_after_a_week_the_office_hears_once_of_what_was_missed(morning):
    local(8, 5, day=7)
    tick()
    tick()
    assert [sorted(map(str, set(outcomes(index)))) for index in range(len(rows(Round)))] == [["not_asked"], ["None"]]
    assert cases() == [("not_asked", 5)]


def test_a_paused_campaign_has_missed_nothing(morning):
    with database.unit_of_work() as session:
        session.scalars(select(Campaign)).one().state = CampaignState.PAUSED
    local(22, 43, day=3)
    tick()
    assert rows(Round) == []


def test_a_campaign_made_after_todays_time_begins_tomorrow(morning):
    local(9)
    create("后来的")
    tick()
    assert [round_.campaign_id for round_ in rows(Round)] == [each.id for each in rows(Campaign) if each.name == "早安"]


def test_yesterdays_round_never_runs_into_todays(morning):
    with database.unit_of_work() as session:
        session.scalars(select(Campaign)).one().deadline_minutes = 48 * 60
    local(8)
    tick()
    [round_] = rows(Round)
    assert round_.deadline <= SEVEN + timedelta(hours=15)
    local(8, 0, day=1)
    tick()
    assert set(outcomes(0)) == {"not_asked"}
    assert set(outcomes(1)) == {None}


def test_a_trial_that_nobody_was_rung_for_has_not_shown_that_they_were_not_reached(morning):
    local(9)
    with database.unit_of_work() as session:
        trials.begin(session, actors.system(), session.scalars(select(Resident)).all()[0])
    local(22, 43)
    with database.unit_of_work() as session:
        trials.queue_due(session)
    assert [trial.result for trial in rows(Trial)] == ["not_called"]


def test_the_auditor_opens_the_one_case_that_is_missing(morning):
    local(8)
    tick()
    with database.unit_of_work() as session:
        for check_in in session.scalars(select(CheckIn).limit(3)).all():
            check_in.outcome, check_in.next_attempt_at = "not_asked", None
    auditor.audit()
    auditor.audit()
    assert cases() == [("not_asked", 3)]


def everything():
    set_back.follow_the_clock(clock.now())
    tick()


def test_a_round_of_a_day_that_has_not_come_is_noticed_whatever_has_happened_since(morning):
    local(8, 0, day=3)
    tick()
    local(8, 30)
    with database.unit_of_work() as session:
        for _ in range(2 * set_back.LOOK_BACK):
            events.append(session, actors.system(), "resident.rang_in", None)
    everything()
    assert all(round_.started_at <= clock.now() for round_ in rows(Round))
    with database.reading() as session:
        assert [each.kind for each in troubles.known(session)] == [troubles.Kind.CLOCK_SET_BACK]


def test_a_clock_that_was_a_day_ahead_and_is_set_back_leaves_no_morning_out(morning):
    local(8, 0, day=1)
    tick()
    ring(5, Ending.NO_ANSWER)
    local(8, 30)
    with database.unit_of_work() as session:
        events.append(session, actors.system(), "resident.rang_in", None)  # another process is quicker
    everything()
    [campaign] = rows(Campaign)
    assert campaign.next_round_at == SEVEN + timedelta(days=1, hours=1)
    assert all(round_.started_at <= clock.now() for round_ in rows(Round))
    assert len(told("clock.set_back")) == 1
    with database.reading() as session:
        [noted] = troubles.known(session)
    assert (noted.kind, dict(noted.gaps)["rounds"]) == (troubles.Kind.CLOCK_SET_BACK, 1)
    assert "1 个轮次" in noted.said(Language.CHINESE, ZoneInfo("Asia/Shanghai"))
    everything()
    assert len(told("clock.set_back")) == 1
    local(8, 0, day=1)
    everything()
    waiting = [call.number for call in rows(Call) if call.owner == "check_in" and call.state == CallState.QUEUED]
    assert sorted(waiting) == sorted(HOMES[:5])


def test_a_clock_that_was_years_ahead_when_the_machine_started_rings_again_the_next_morning(morning):
    local(8, 0, day=3650)
    tick()
    local(9)
    everything()
    [campaign] = rows(Campaign)
    assert campaign.next_round_at == SEVEN + timedelta(days=1, hours=1)
    local(8, 0, day=1)
    everything()
    assert len([round_ for round_ in rows(Round) if round_.started_at == clock.now() or round_.completed_at is None])


def test_a_retry_and_a_ladder_do_not_wait_for_a_date_that_was_wrong(morning):
    local(8, 0, day=7)
    tick()
    ring(1, Ending.NO_ANSWER)
    with database.unit_of_work() as session:
        first = session.scalars(select(CheckIn).where(CheckIn.outcome.is_(None)).order_by(CheckIn.id)).all()[-1]
        resident_answers.hear(session, first.resident_id, Said(Outcome.UNWELL, clock.now()))
    local(8, 0)
    everything()
    soon = clock.now() + timedelta(minutes=30)
    waits = [each.next_attempt_at for each in rows(CheckIn) if each.next_attempt_at]
    assert waits
    assert all(each <= soon for each in waits)
    assert all(case.look_at <= soon for case in rows(Case) if case.kind == "unwell")
    assert all(call.due_at <= soon for call in rows(Call) if call.state == CallState.QUEUED)


def test_a_clock_put_right_by_a_little_moves_nothing(morning):
    local(8, 5)
    tick()
    [before] = rows(Round)
    local(7, 50)
    everything()
    [after] = rows(Round)
    assert (after.started_at, after.occurrence) == (before.started_at, before.occurrence)
    local(8, 0)
    everything()
    assert len(rows(Round)) == 1

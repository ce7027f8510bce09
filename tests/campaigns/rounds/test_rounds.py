"""Rounds over a real database: everybody exactly once, everybody with an outcome by the deadline."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from campaigns import queries, round_tally
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import CheckIn
from campaigns.rounds import attempts, auditor, rounds
from contacts.columns import vocabulary
from contacts.models import Pause
from core import actors, clock
from core.clock import Anchor
from core.errors import ConflictError, UserError
from core.i18n import Language
from core.storage import database
from escalation.models import Case
from ivr.dispatch import calls
from ivr.models import Call, Ending
from ivr.ports import owners
from tests import people
from zaoan.process import wiring

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, house_settings):
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")()
        house_settings = house_settings.model_copy(update={"database_url": url})
    opened = wiring.open_house(house_settings)
    wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:1").voice.close()
    at(EIGHT)
    yield opened
    opened.close()


def at(instant):
    """Sets the clock, which then goes on at real speed."""
    clock.set_anchor(Anchor(clock.real_now(), instant))


def enrol(name, *numbers, consent=True, flag="独居", **wishes):
    with database.unit_of_work() as session:
        home = people.household(session, name, "1号楼", "")
        flags = [vocabulary.flag(flag) or flag]
        return people.resident(session, name, *numbers, home=home, agreed=consent, flags=flags, **wishes).id


def start(flags=("独居",)):
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "早安", flags=flags)
        return round_starts.start_now(session, actors.system(), campaign).id


def queue():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def end_calls(ending):
    with database.unit_of_work() as session:
        for call in session.scalars(select(Call).where(Call.state != "ended")).all():
            calls.end(session, call.id, ending)


def check_ins(round_id):
    with database.reading() as session:
        return {each.resident.name: each for each in queries.check_ins(session, round_id)}


def count(table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_round_has_everybody_of_its_audience_once_and_nobody_else(house):
    enrol("王", "+8631186000001")
    enrol("李", "+8631186000002", consent=False)
    enrol("张", "+8631186000003", flag="空巢")
    enrol("赵")
    assert set(check_ins(start())) == {"王"}


def test_a_round_runs_under_what_was_changed_in_the_unit_of_work_that_starts_it(house):
    enrol("王桂兰", "+8631186000001")
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
        session.flush()
        campaign.deadline_minutes = 300
        begun = round_starts.start_now(session, actors.system(), campaign)
        assert campaign.deadline_minutes == 300
        assert timedelta(hours=5) <= begun.deadline - EIGHT < timedelta(hours=5, minutes=5)


def test_nobody_can_be_in_a_round_twice(house):
    resident = enrol("王", "+8631186000001")
    round_id = start()
    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.add(CheckIn(round_id=round_id, resident_id=resident, numbers=[], refused=[]))


def test_whoever_is_away_is_excused_without_a_case(house):
    resident = enrol("王", "+8631186000001")
    with database.unit_of_work() as session:
        session.add(Pause(resident_id=resident, first_day=date(2026, 11, 20), last_day=date(2026, 11, 23)))
    assert check_ins(start())["王"].outcome == "excused"
    assert count(Case) == 0


def test_whoever_wants_to_be_rung_later_is_rung_then_and_the_round_waits_for_them(house):
    enrol("王", "+8631186000001", call_time=time(10, 0))
    round_id = start()
    queue()
    assert count(Call) == 0
    at(EIGHT + timedelta(hours=2, seconds=1))
    queue()
    assert count(Call) == 1
    with database.reading() as session:
        assert session.get_one(rounds.Round, round_id).deadline == EIGHT + timedelta(hours=4)


def test_a_wish_outside_permitted_hours_does_not_lose_the_resident(house):
    enrol("王", "+8631186000001", call_time=time(22, 0))
    start()
    queue()
    assert count(Call) == 1


def test_no_round_starts_outside_permitted_hours(house):
    enrol("王", "+8631186000001")
    at(EIGHT - timedelta(hours=1))
    with pytest.raises(ConflictError, match="07:00"):
        start()


def test_no_round_starts_when_there_is_no_time_left_to_ring_anybody(house):
    enrol("王", "+8631186000001")
    closing = EIGHT.replace(hour=13)  # 21:00 in Shanghai
    at(closing - timedelta(seconds=119))
    with pytest.raises(ConflictError) as refused:
        start()
    assert "20:58" in refused.value.describe(Language.CHINESE)
    assert count(CheckIn) == 0
    at(closing - timedelta(seconds=130))
    start()
    queue()
    assert (count(Call), count(Case)) == (1, 0)


def test_a_campaign_whose_time_leaves_no_time_to_ring_anybody_is_refused(house):
    with pytest.raises(UserError) as refused, database.unit_of_work() as session:
        new_campaigns.create_campaign(session, actors.system(), "晚安", flags=None, at=time(20, 59), ring_seconds=60)
    assert "20:58" in refused.value.describe(Language.CHINESE)
    with database.unit_of_work() as session:
        new_campaigns.create_campaign(session, actors.system(), "晚安", flags=None, at=time(20, 58), ring_seconds=60)


def test_a_campaign_cannot_ring_at_night(house):
    with pytest.raises(UserError, match="07:30"), database.unit_of_work() as session:
        new_campaigns.create_campaign(session, actors.system(), "夜里", flags=None, at=time(5, 0))


def test_a_service_that_slept_over_several_mornings_starts_one_round_and_tells_that_it_missed_the_others(house):
    enrol("王", "+8631186000001")
    with database.unit_of_work() as session:
        new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
    at(EIGHT + timedelta(days=3, minutes=20))
    for _ in range(2):
        with database.unit_of_work() as session:
            round_starts.start_due(session)
    with database.reading() as session:
        missed, begun = session.scalars(select(CheckIn).join(rounds.Round).order_by(rounds.Round.occurrence)).all()
        assert (missed.outcome, begun.outcome, begun.next_attempt_at is None) == ("not_asked", None, False)
        assert [(case.kind, case.people) for case in session.scalars(select(Case))] == [("not_asked", 1)]


def test_a_couple_at_one_telephone_is_one_call(house):
    enrol("王", "+8631186000001")
    enrol("李", "+8631186000001")
    start()
    queue()
    assert count(Call) == 1


def test_three_attempts_and_then_a_person(house):
    enrol("王", "+8631186000001")
    round_id = start()
    for attempt in range(3):
        at(EIGHT + timedelta(minutes=1 + 11 * attempt))
        queue()
        end_calls(Ending.NO_ANSWER)
    check_in = check_ins(round_id)["王"]
    assert (check_in.outcome, check_in.attempts) == ("no_answer", 3)
    assert count(Case) == 1
    with database.reading() as session:
        assert round_tally.report(session, round_id).complete


def test_a_refused_number_gives_way_to_the_next_at_once(house):
    enrol("王", "+8631186000001", "+8631186000002")
    round_id = start()
    queue()
    end_calls(Ending.REFUSED)
    queue()
    with database.reading() as session:
        assert [call.number for call in session.scalars(select(Call).where(Call.state == "queued"))] == [
            "+8631186000002"
        ]
    end_calls(Ending.REFUSED)
    assert check_ins(round_id)["王"].outcome == "unreachable"


def test_whoever_could_not_be_rung_by_the_deadline_is_rung_on_while_it_is_of_use_and_then_was_not_asked(house):
    enrol("王", "+8631186000001")
    enrol("李", "+8631186000002")
    round_id = start()
    at(EIGHT + timedelta(hours=2, minutes=1))
    auditor.audit()
    assert check_ins(round_id)["王"].outcome is None
    queue()
    assert count(Call) == 2
    at(EIGHT + timedelta(hours=4, minutes=6))
    auditor.audit()
    assert {each.outcome for each in check_ins(round_id).values()} == {"not_asked"}
    with database.reading() as session:
        assert [(case.kind, case.people) for case in session.scalars(select(Case))] == [("not_asked", 2)]
        assert round_tally.report(session, round_id).complete


def test_the_auditor_finds_whoever_waits_for_nothing(house):
    enrol("王", "+8631186000001")
    round_id = start()
    with database.unit_of_work() as session:
        queries.check_ins(session, round_id)[0].next_attempt_at = None
    auditor.audit()
    queue()
    assert count(Call) == 1


def test_the_auditor_opens_a_case_that_is_missing(house):
    enrol("王", "+8631186000001")
    round_id = start()
    with database.unit_of_work() as session:
        check_in = queries.check_ins(session, round_id)[0]
        check_in.outcome, check_in.next_attempt_at = "hung_up", None
    auditor.audit()
    assert count(Case) == 1
    with database.reading() as session:
        assert round_tally.report(session, round_id).complete


def test_whoever_goes_away_while_the_call_waits_is_not_rung(house):
    resident = enrol("王", "+8631186000001")
    round_id = start()
    queue()
    with database.unit_of_work() as session:
        session.add(Pause(resident_id=resident, first_day=date(2026, 11, 23), last_day=date(2026, 11, 23)))
    with database.unit_of_work() as session:
        call = session.scalars(select(Call)).one()
        assert not owners.owner_of(call).still_wanted(session, call)
        calls.end(session, call.id, Ending.NOT_WANTED)
    assert check_ins(round_id)["王"].outcome == "excused"


def queued_numbers():
    with database.reading() as session:
        return [call.number for call in session.scalars(select(Call).where(Call.state == "queued"))]


@pytest.mark.parametrize(
    ("ending", "next_number"),
    [
        (Ending.NO_ANSWER, "+8631186000002"),
        (Ending.BUSY, "+8631186000002"),
        (Ending.COMPLETED, "+8631186000001"),
    ],
)
def test_the_second_number_is_rung_when_the_first_reached_nobody(house, ending, next_number):
    enrol("王", "+8631186000001", "+8631186000002")
    start()
    queue()
    end_calls(ending)
    at(EIGHT + timedelta(minutes=11))
    queue()
    assert queued_numbers() == [next_number]


def test_refusals_use_up_no_attempt(house):
    enrol("王", "+8631186000001", "+8631186000002")
    round_id = start()
    queue()
    end_calls(Ending.REFUSED)
    queue()
    assert check_ins(round_id)["王"].attempts == 0
    assert queued_numbers() == ["+8631186000002"]


def test_whoever_cannot_be_rung_is_looked_after_and_holds_nobody_up(house, monkeypatch):
    enrol("王", "+8631186000001")
    enrol("李", "+8631186000002")
    round_id = start()
    make = attempts.document_for

    def broken_for_one(session, residents):
        if residents[0].name == "王":
            raise ValueError("this dialogue cannot be made")
        return make(session, residents)

    monkeypatch.setattr(attempts, "document_for", broken_for_one)
    queue()
    assert queued_numbers() == ["+8631186000002"]
    assert check_ins(round_id)["王"].outcome == "not_asked"
    assert count(Case) == 1


def test_nobody_is_rung_so_late_that_the_telephone_would_ring_after_the_permitted_hours(house):
    enrol("王", "+8631186000001")
    round_id = start()
    closing = EIGHT.replace(hour=13)  # 21:00 in Shanghai
    with database.unit_of_work() as session:
        session.get_one(rounds.Round, round_id).deadline = closing + timedelta(days=2)
        queries.check_ins(session, round_id)[0].next_attempt_at = closing - timedelta(seconds=100)
    at(closing - timedelta(seconds=100))
    queue()
    with database.reading() as session:
        assert session.scalars(select(Call)).one().due_at == closing + timedelta(hours=10, minutes=30)

"""A rehearsed morning: when it is over, and what its helpers do."""

from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

from campaigns import set_back
from campaigns.models import Outcome
from core import actors, clock
from core.running import troubles
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState
from tests import people
from tests.escalation.cases.test_waiting import resident, responder
from tests.ivr.house import NUMBER, House
from zaoan.process import wiring
from zaoan.rehearsal import morning
from zaoan.rehearsal.town import Expected, draw_town


def test_a_case_that_returns_at_the_last_moment_is_nobodys_and_stays_open(house_settings, monkeypatch):
    monkeypatch.setattr(morning, "CLOSES_BEFORE", morning.CLOSES_BEFORE * 100)
    asked, returned = morning.escalation.accepted_until, []

    def returning(session, instant):
        found = asked(session, instant)
        if found and not returned:
            returned.extend(found)
            with database.unit_of_work() as other:
                case = other.get_one(Case, case_id)
                case.state, case.accepted_by_id = CaseState.OPEN, None
        return found

    monkeypatch.setattr(morning.escalation, "accepted_until", returning)
    with closing(wiring.open_house(house_settings)):
        with database.unit_of_work() as session:
            helper = responder(session, "+8613900000001", "1号楼").id
            case_id = cases.open_case(
                session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "101"), None
            ).id
        for state in (CaseState.OPEN, CaseState.CLOSED):
            with database.unit_of_work() as session:
                assert cases.accept(session, actors.system(), case_id, helper)
            morning.close_in_time()
            with database.reading() as session:
                assert session.get_one(Case, case_id).state == state
        assert returned


def test_it_is_not_over_while_somebody_on_the_telephone_could_still_press_another_key(house_settings):
    with closing(House(house_settings)) as house:
        house.turn(0, CallStatus="in-progress")
        house.turn(1, Digits="1")
        with database.reading() as session:
            assert house.check_in().outcome == Outcome.OK
            assert not morning.is_over(session, house.check_in().round_id)
        house.ended()
        with database.reading() as session:
            assert morning.is_over(session, house.check_in().round_id)


def test_the_judge_is_told_who_has_a_case_that_goes_on_in_one_of_an_earlier_round(house_settings):
    with closing(House(house_settings)) as house:
        with database.unit_of_work() as session:
            helper = people.responder(session, "李姐", "+8613900000002", "volunteer")
            earlier = cases.open_case(session, actors.system(), CaseKind.UNWELL, house.check_in().resident_id, None)
            assert cases.accept(session, actors.system(), earlier.id, helper.id)
            case_id = str(earlier.id)
        house.turn(0, CallStatus="in-progress")
        house.turn(1, Digits="3")
        expected = {("王桂兰", NUMBER): Expected([NUMBER], "unwell", Outcome.UNWELL)}
        seen = SimpleNamespace(town=SimpleNamespace(expected=lambda: expected), round_id=house.check_in().round_id)
        [made] = morning.what_was_made(seen)
        assert (made.outcome, made.case_id, made.accepted_by) == (Outcome.UNWELL, case_id, "李姐")


def test_whoever_is_imported_for_a_morning_that_lies_behind_real_time_does_not_come_from_the_future(
    house_settings, tmp_path
):
    """``make demo`` in the afternoon told staff that the clock of the machine had been set back."""
    eight = clock.real_now() - timedelta(hours=6)
    chosen = house_settings.model_copy(update={"clock_start": eight})
    with closing(wiring.open_house(chosen, None)):
        morning.import_people(chosen, draw_town(4, 7).write(tmp_path))
        clock.set_anchor(clock.Anchor(clock.real_now(), eight))  # as the service does when it starts
        assert set_back.follow_the_clock(clock.now()) is None
        with database.reading() as session:
            assert troubles.known(session) == []

"""Which telephone rings first when not all can: a place that is free is for whoever has nobody rung yet."""

from sqlalchemy import select, update

from core import actors
from core.storage import database
from escalation.cases import cases
from escalation.models import CaseKind, Page, PageState
from escalation.paging.page_order import urgency
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Urgency
from tests.escalation.cases.test_waiting import resident, responder
from tests.ivr.conftest import room  # noqa: F401 - a fixture
from tests.ivr.dialling_room import number_of

UNWELL_AT_ONCE = 15
ROUTINE = 60


def helpers(count):
    """Two of them at each house."""
    with database.unit_of_work() as session:
        for house in range(count):
            for each in (1, 2):
                responder(session, helper(house, each), f"{house}号楼")


def helper(house, each):
    return f"+861390000{house:03d}{each}"


def opens(house, kind=CaseKind.UNWELL, home="101"):
    with database.unit_of_work() as session:
        return cases.open_case(session, actors.system(), kind, resident(session, f"{house}号楼", home), None).id


def houses_rung(opened):
    return [int(to[-4:-1]) for _, to, _ in opened.provider.requests if to.startswith("+861390000")]


def test_of_fifteen_who_are_unwell_at_once_each_has_a_telephone_rung_while_a_morning_takes_all_other_places(room):  # noqa: F811
    opened = room(per_second=500, at_once=ROUTINE + UNWELL_AT_ONCE)
    helpers(UNWELL_AT_ONCE)
    opened.queue_many(ROUTINE + 20)
    opened.dial_until(lambda: len(opened.provider.requests) == ROUTINE, "every place that a morning may take")
    for house in range(UNWELL_AT_ONCE):
        opens(house)
        opened.dial()  # whatever is free is taken before the next one is unwell
    assert sorted(houses_rung(opened)) == list(range(UNWELL_AT_ONCE))
    with database.unit_of_work() as session:
        placed = session.execute(select(Call.id, Call.number).where(Call.state == CallState.PLACED)).all()
        rung = [call_id for call_id, number in placed if number.startswith("+86311")][:20]
        over = {"state": CallState.ENDED, "ending": Ending.COMPLETED}
        session.execute(update(Call).where(Call.id.in_(rung)).values(**over))
    opened.dial()
    assert len(houses_rung(opened)) == UNWELL_AT_ONCE + 5, "the next places are for the second telephones"
    assert len(opened.provider.requests) == ROUTINE + UNWELL_AT_ONCE + 5


def test_the_first_telephones_ring_before_the_second_ones_and_who_needs_something_waits_for_both(room):  # noqa: F811
    opened = room(per_second=1)
    helpers(3)
    wish = opens(0, CaseKind.NEEDS_SUPPLIES)
    first, second = opens(1), opens(2)
    opened.dial_until(lambda: len(opened.provider.requests) == 5, "all of them")
    assert houses_rung(opened) == [1, 2, 1, 2, 0]
    assert {pages_of(wish), pages_of(first), pages_of(second)} == {1, 2}


def pages_of(case_id):
    with database.reading() as session:
        return len(session.scalars(select(Page).where(Page.case_id == case_id)).all())


def urgencies(case_id):
    with database.reading() as session:
        asked = select(Call.urgency).join(Page, Page.call_id == Call.id).where(Page.case_id == case_id)
        live = asked.where(Page.state == PageState.CALLING, Call.state == CallState.QUEUED)
        return session.scalars(live.order_by(Page.asked_at, Page.id)).all()


def test_where_the_first_telephone_has_rung_in_vain_the_second_one_is_the_first(room):  # noqa: F811
    room()
    helpers(1)
    case_id = opens(0)
    assert urgencies(case_id) == [Urgency.ALERT, 1]
    with database.unit_of_work() as session:
        first = session.scalars(select(Page.call_id).order_by(Page.asked_at, Page.id)).first()
        calls.end(session, first, Ending.NO_ANSWER)
    assert urgencies(case_id) == [Urgency.ALERT]


def test_a_call_that_tells_of_something_worse_as_well_is_as_urgent_as_that(room):  # noqa: F811
    room()
    with database.unit_of_work() as session:
        responder(session, helper(0, 1), "0号楼")
    wish = opens(0, CaseKind.NEEDS_SUPPLIES)
    [waiting] = urgencies(wish)
    assert Urgency.ALERT < waiting < Urgency.ROUTINE
    opens(0, home="102")
    assert urgencies(wish) == [Urgency.ALERT]


def test_whoever_needed_something_and_is_unwell_now_is_rung_for_as_such(room):  # noqa: F811
    room()
    helpers(1)
    with database.unit_of_work() as session:
        person = resident(session, "0号楼", "101")
        case = cases.rang_in(session, actors.system(), CaseKind.NEEDS_SUPPLIES, person, None)
        cases.rang_in(session, actors.system(), CaseKind.UNWELL, person, None)
    assert urgencies(case.id)[0] == Urgency.ALERT


def test_every_page_is_an_alert_and_the_worse_case_comes_first():
    of_cases = [urgency(of_case, before) for of_case in range(5) for before in (0, 1)]
    assert of_cases == sorted(set(of_cases))
    assert of_cases[0] == Urgency.ALERT
    assert urgency(9, 3) < Urgency.ROUTINE
    assert urgency(0, 5) == urgency(0, 1)


def test_the_places_that_are_kept_are_for_first_telephones_of_the_unwell_only(room):  # noqa: F811
    opened = room(per_second=500, at_once=10)
    opened.queue_many(8)
    opened.dial_until(lambda: len(opened.provider.requests) == 8, "every place that a morning may take")
    for index, each in enumerate((1, 2, 6, 9, Urgency.ROUTINE)):
        opened.queue(number_of(20 + index), urgency=each)
    opened.dial()
    assert len(opened.provider.requests) == 8
    opened.queue(number_of(40), urgency=Urgency.ALERT)
    opened.dial()
    assert [to for _, to, _ in opened.provider.requests][8:] == [number_of(40)]

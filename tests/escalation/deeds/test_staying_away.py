"""Who cannot come today says so by a key or by the link, and is asked only where nobody else is left."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import actors, clock
from core.errors import ConflictError
from core.running.events import Event
from core.storage.database import unit_of_work, write
from escalation import climbing
from escalation.cases import cases
from escalation.deeds import by_link, staying_away
from escalation.models import CaseKind, Page, PageState
from escalation.roster.absences import be_absent
from escalation.shifts import ResponderAbsence
from ivr.models import Text
from tests.switchboard import resident, responder, rows

HEAD, SECOND, OFFICE = "+8613900000001", "+8613900000002", "+8631186000999"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def opens(called="王奶奶", number="+8631186000101", kind=CaseKind.UNWELL, room="101"):
    who = resident(called, number, room=room)
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), kind, who, None).id
    climbing.climb_due()
    return case


def asked(case):
    return {page.responder_id for page in rows(Page, case_id=case)}


def states(case):
    return {page.responder_id: page.state for page in rows(Page, case_id=case)}


@pytest.mark.parametrize(
    ("said", "ends"),
    [("2026-12-01 08:10", "2026-12-02 06:00"), ("2026-12-01 23:50", "2026-12-02 06:00"),
     ("2026-12-02 01:59", "2026-12-02 06:00"), ("2026-12-02 02:01", "2026-12-03 06:00"),
     ("2026-12-02 05:59", "2026-12-03 06:00"), ("2026-12-02 06:00", "2026-12-03 06:00")],
)  # fmt: skip
def test_today_lasts_until_a_morning_that_is_not_close_at_hand(said, ends):
    then = datetime.fromisoformat(said).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert staying_away.until(then, SHANGHAI) == datetime.fromisoformat(ends).replace(tzinfo=SHANGHAI)


def test_after_a_no_key_5_says_that_they_cannot_come_today(switchboard):
    first, second = responder("李楼长", HEAD), responder("陈志愿者", SECOND)
    one = opens()
    call = switchboard.pick_up(HEAD)
    call.press("2")
    assert "请按5" in call.hears
    call.press("5")
    assert "只有没有别人可以问的时候" in call.hears
    assert call.is_over
    [absence] = rows(ResponderAbsence)
    assert (absence.responder_id, absence.ends_at) == (first, staying_away.until(clock.now(), SHANGHAI))
    [event] = rows(Event, kind="responder.absent")
    assert (event.subject_id, event.actor.kind) == (first, "responder")
    assert states(one) == {first: PageState.DECLINED, second: PageState.CALLING}
    switchboard.pick_up(SECOND).press("1").hang_up()
    two = opens("李爷爷", "+8631186000102", room="102")
    assert asked(two) == {second}


def test_the_only_one_who_could_be_asked_is_not_asked_about_the_day(switchboard):
    responder("李楼长", HEAD)
    opens()
    call = switchboard.pick_up(HEAD).press("2")
    assert "没有别人可以打电话去问" in call.hears
    assert "请按5" not in call.hears
    assert call.is_over


def test_a_no_without_another_key_is_about_this_one_alone(switchboard):
    first = responder("李楼长", HEAD)
    responder("陈志愿者", SECOND)
    one = opens()
    call = switchboard.pick_up(HEAD)
    call.press("2")
    call.hang_up()
    assert rows(ResponderAbsence) == []
    assert states(one)[first] == PageState.DECLINED
    switchboard.pick_up(SECOND).press("1").hang_up()
    assert first in asked(opens("李爷爷", "+8631186000102", room="102"))


def test_where_nobody_else_is_left_they_are_asked_all_the_same(switchboard):
    first = responder("李楼长", HEAD)
    with unit_of_work() as session:
        staying_away.stay_away(session, actors.responder(first), first)
    assert asked(opens()) == {first}


def test_what_waits_as_well_is_asked_about_before_the_day(switchboard):
    responder("李楼长", HEAD)
    responder("陈志愿者", SECOND)
    opens()
    opens("李爷爷", "+8631186000102", room="102")
    call = switchboard.pick_up(HEAD).press("2")
    assert "还有最后一件" in call.hears
    assert "请按5" not in call.hears
    assert "请按5" in call.press("2").hears


def test_an_office_is_not_asked_whether_it_stays_away(switchboard):
    responder("办公室", OFFICE, role="office")
    opens(kind=CaseKind.WANTS_PERSON)
    call = switchboard.pick_up(OFFICE)
    call.press("2")
    assert "请按5" not in call.hears
    assert "好的" in call.hears


def by(token, deed, name, key=""):
    return write(lambda session: by_link.do(session, token, "my browser", name, key, deed))


def token_of(number):
    return {each.number: each.body.split("/r/")[1].split()[0] for each in rows(Text, owner="page_text")}[number]


def test_by_the_link_everything_that_rings_them_stops_and_they_may_come_back(switchboard):
    first, second = responder("李楼长", HEAD), responder("陈志愿者", SECOND)
    one = opens()
    two = opens("李爷爷", "+8631186000102", room="102")
    token = token_of(HEAD)
    by(token, by_link.stay_away, "away", "a")
    by(token, by_link.stay_away, "away", "a")
    by(token, by_link.stay_away, "away", "b")
    assert len(rows(ResponderAbsence)) == 1
    assert PageState.CALLING not in {states(case).get(first) for case in (one, two)}
    assert not switchboard.waiting_for(HEAD)
    by(token, by_link.come_back, "back", "c")
    assert [each for each in rows(ResponderAbsence) if each.ends_at > clock.now()] == []
    assert len(rows(Event, kind="responder.back")) == 1
    by(token, by_link.accept, "accept", "d")
    with pytest.raises(ConflictError):
        by(token, by_link.stay_away, "away", "e")
    assert second in asked(one)


def test_an_absence_that_lasts_longer_is_not_cut_short(switchboard):
    first = responder("李楼长", HEAD)
    with unit_of_work() as session:
        be_absent(session, actors.system(), first, clock.now(), None)
    with unit_of_work() as session:
        assert staying_away.stay_away(session, actors.responder(first), first) is None
    assert len(rows(ResponderAbsence)) == 1
    assert rows(ResponderAbsence)[0].ends_at is None


def test_an_absence_that_ends_sooner_is_followed_by_the_day(switchboard):
    first = responder("李楼长", HEAD)
    with unit_of_work() as session:
        be_absent(session, actors.system(), first, clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))
    with unit_of_work() as session:
        assert staying_away.stay_away(session, actors.responder(first), first) == staying_away.until(
            clock.now(), SHANGHAI
        )
    with unit_of_work() as session:
        staying_away.come_back(session, actors.responder(first), first)
    assert not [each for each in rows(ResponderAbsence) if each.ends_at > clock.now()]

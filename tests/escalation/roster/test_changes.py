"""What the office changes of the roster: what becomes of it, what is refused, and who is named in the log."""

from datetime import datetime, time, timedelta

import pytest

from campaigns.people import responder_status
from contacts.community.community import the_community
from contacts.people import responder_changes
from core import clock
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running.events import Event
from core.storage import database
from escalation.roster import absences, shift_changes, swaps
from escalation.roster.reading import duty_now, gaps_ahead
from escalation.roster.shift_changes import ShiftTimes
from escalation.roster.swaps import Turn
from escalation.shifts import Holidays, ResponderAbsence, Shift, ShiftSwap
from tests.escalation.roster import rosters
from tests.escalation.roster.rosters import OFFICE, local, on_duty, today
from tests.ivr.dispatch.test_cost import statements as statements_of
from tests.switchboard import resident, responder, rows

EIGHT, NOON = time(8), time(12)


@pytest.fixture
def anne(switchboard):
    return responder("魏红", "+8613900000021")


@pytest.fixture
def berta(switchboard):
    return responder("李雷", "+8613900000022")


def duty(at=None):
    with database.reading() as session:
        return duty_now(session, the_community(session), at or clock.now())


def happened(*kinds):
    return [(each.kind, each.actor_kind, each.actor_name) for each in rows(Event) if each.kind in kinds]


def change(shift_id, **more):
    with database.unit_of_work() as session:
        return shift_changes.change_shift(session, OFFICE, shift_id,
                                          lambda before: ShiftTimes(**(vars(before) | more)))  # fmt: skip


def remove(shift_id):
    with database.unit_of_work() as session:
        return shift_changes.remove_shift(session, OFFICE, shift_id)


def test_a_shift_puts_somebody_on_duty_and_its_removal_takes_them_off(anne):
    assert not duty().planned
    shift_id = on_duty(anne, EIGHT, NOON, weekday=today().isoweekday())
    assert (duty().on, duty(local(12)).on, duty(local(9, days=7)).on) == ({anne}, frozenset(), {anne})
    remove(shift_id)
    assert not duty().planned
    assert happened("shift.added", "shift.removed") == [
        ("shift.added", "user", "chen"),
        ("shift.removed", "user", "chen"),
    ]


def test_what_was_changed_of_a_shift_is_told_and_holds(anne):
    shift_id = on_duty(anne, EIGHT, NOON)
    assert [(each.what, each.after) for each in change(shift_id, ends=time(22))] == [("ends", time(22))]
    assert change(shift_id, ends=time(22)) == []
    assert duty(local(21)).on == {anne}
    assert happened("shift.changed") == [("shift.changed", "user", "chen")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekday": None}, "day"),
        ({"weekday": 8}, "weekday"),
        ({"weekday": 1, "day": rosters.day("2026-12-24")}, "day"),
        ({"day": rosters.day("2020-01-01")}, "day"),
        ({"day": rosters.day("9999-12-31")}, "day"),
        ({"day": None, "weekday": None, "holidays": Holidays.ONLY}, "day"),
    ],
)
def test_what_cannot_be_a_shift_is_refused_with_the_field(anne, wrong, field):
    with pytest.raises(UserError) as refused:
        on_duty(anne, **{"weekday": None, **wrong})
    assert refused.value.field == field
    assert not rows(Shift)
    assert not rosters.has_roster()


def test_holidays_are_asked_of_weekly_shifts_alone(anne):
    with pytest.raises(UserError) as refused:
        on_duty(anne, day=today(), holidays=Holidays.NOT)
    assert refused.value.field == "holidays"


def test_a_shift_that_is_over_and_one_that_there_is_are_refused(anne):
    with pytest.raises(UserError, match="over"):
        on_duty(anne, time(1), time(2), day=today())
    on_duty(anne, EIGHT, NOON)
    with pytest.raises(ConflictError):
        on_duty(anne, EIGHT, NOON)
    other = on_duty(anne, EIGHT, time(11))
    with pytest.raises(ConflictError):
        change(other, ends=NOON)
    assert sorted(each.ends for each in rows(Shift)) == [time(11), NOON]


def test_the_night_of_yesterday_can_still_be_written_down_while_it_lasts(anne):
    on_duty(anne, time(22), time(10), day=today(-1))
    assert duty().on == {anne}


def test_two_swap_a_shift_for_another_and_both_are_named_once(anne, berta):
    first, second = on_duty(anne, *rosters.WHOLE_DAY), on_duty(berta, *rosters.WHOLE_DAY, day=today(1))
    rosters.swap(first, today(), berta, (second, today(1)))
    assert (duty().on, duty(local(9, days=1)).on) == ({berta}, {anne})
    [told] = [each for each in rows(Event) if each.kind == "shift.swapped"]
    assert (told.facts["responder"], told.facts["other"]) == (str(anne), str(berta))
    with database.unit_of_work() as session:
        swaps.undo(session, OFFICE, Turn(second, today(1)))
    assert (duty().on, duty(local(9, days=1)).on) == ({anne}, {berta})
    assert not rows(ShiftSwap)


def test_somebody_takes_a_shift_for_nothing(anne, berta):
    shift_id = on_duty(anne, EIGHT, NOON, weekday=today().isoweekday())
    rosters.swap(shift_id, today(7), berta)
    assert (duty().on, duty(local(9, days=7)).on, duty(local(9, days=14)).on) == ({anne}, {berta}, {anne})


def test_a_swap_that_cannot_be_is_refused_and_nothing_of_it_is_done(anne, berta):
    mine, hers = on_duty(anne, EIGHT, NOON, weekday=today().isoweekday()), on_duty(berta, day=today(1))
    for given, to, taken in (
        ((mine, today(1)), berta, None),
        ((mine, today(-7)), berta, None),
        ((mine, today(7)), anne, None),
        ((mine, today(7)), berta, (mine, today(14))),
        ((mine, today(7)), berta, (hers, today(2))),
    ):
        with pytest.raises(UserError):
            rosters.swap(*given, to, taken)
    with pytest.raises(NotFoundError):
        rosters.swap(new_id(), today(), berta)
    assert not rows(ShiftSwap)


def test_a_shift_is_swapped_once_on_a_day_whichever_of_the_two_it_is(anne, berta):
    mine, hers = on_duty(anne, day=today(1)), on_duty(berta, day=today(2))
    rosters.swap(mine, today(1), berta, (hers, today(2)))
    for shift_id, day, to in ((mine, today(1), berta), (hers, today(2), anne)):
        with pytest.raises(ConflictError):
            rosters.swap(shift_id, day, to)


def test_a_swapped_shift_keeps_its_day_and_takes_its_swap_with_it(anne, berta):
    shift_id = on_duty(anne, EIGHT, NOON, weekday=today().isoweekday())
    rosters.swap(shift_id, today(7), berta)
    with pytest.raises(ConflictError):
        change(shift_id, weekday=today(1).isoweekday())
    assert change(shift_id, ends=time(13))
    assert len(remove(shift_id).undone) == 1
    assert not rows(ShiftSwap)


def test_who_is_absent_is_off_duty_until_somebody_ends_it(anne):
    on_duty(anne, *rosters.WHOLE_DAY)
    absence_id = rosters.away(anne, reason="回老家")
    assert (duty().on, duty().away) == (frozenset(), {anne})
    with database.unit_of_work() as session:
        assert absences.end_absence(session, OFFICE, absence_id) is not None
    assert (duty().on, duty().away) == ({anne}, frozenset())
    with database.unit_of_work() as session, pytest.raises(ConflictError):
        absences.end_absence(session, OFFICE, absence_id)
    assert [kind for kind, *_ in happened("responder.absent", "responder.back")] == [
        "responder.absent",
        "responder.back",
    ]


def test_of_an_absence_that_has_not_begun_nothing_is_left(anne):
    absence_id = rosters.away(anne, local(0, days=3), local(0, days=5))
    with database.unit_of_work() as session:
        assert absences.end_absence(session, OFFICE, absence_id) is None
    assert not rows(ResponderAbsence)
    assert not rosters.has_roster()


@pytest.mark.parametrize(("begins", "ends"), [(2, 1), (-3, -1), (0, 5000), (5000, None)])
def test_an_absence_that_cannot_be_is_refused(anne, begins, ends):
    now = clock.now()
    with pytest.raises(UserError):
        rosters.away(anne, now + timedelta(days=begins), ends and now + timedelta(days=ends))
    assert not rows(ResponderAbsence)


def test_whole_days_begin_and_end_at_midnight_where_the_community_lives():
    assert absences.whole_days(rosters.day("2026-12-05"), rosters.day("2026-12-06"), rosters.ZONE) == (
        datetime(2026, 12, 5, tzinfo=rosters.ZONE), datetime(2026, 12, 7, tzinfo=rosters.ZONE)
    )  # fmt: skip


def test_who_helps_no_more_is_not_on_duty_and_is_again_when_they_are_back(anne, berta):
    on_duty(anne, *rosters.WHOLE_DAY)
    with database.unit_of_work() as session:
        responder_status.remove(session, OFFICE, anne)
    assert not duty().planned
    with pytest.raises(ConflictError):
        on_duty(anne, day=today(1))
    with database.unit_of_work() as session:
        responder_changes.restore(session, OFFICE, anne)
    assert duty().on == {anne}


def test_gaps_are_found_for_the_buildings_in_which_somebody_lives(anne):
    resident("王奶奶", "+8631186000101", building="3号楼")
    resident("李奶奶", "+8631186000102", building="4号楼")
    on_duty(anne, *rosters.WHOLE_DAY)
    with database.reading() as session:
        [gap] = gaps_ahead(session, the_community(session), clock.now())
    assert (gap.buildings, gap.begins) == (("3", "4"), local(0, days=1))
    assert timedelta(days=6) < gap.ends - clock.now() <= timedelta(days=7)


def test_whom_no_policy_asks_is_on_duty_for_nobody(switchboard):
    resident("王奶奶", "+8631186000101")
    on_duty(responder("老陈", "+8613900000023", "police_liaison"), *rosters.WHOLE_DAY)
    with database.reading() as session:
        [gap] = gaps_ahead(session, the_community(session), clock.now())
    assert gap.begins <= clock.now()


@pytest.mark.parametrize(("is_planned", "statements"), [(False, 0), (True, 3)])
def test_all_that_is_asked_for_one_look_is_asked_once_and_nothing_without_a_roster(
    switchboard, anne, is_planned, statements
):
    if is_planned:
        on_duty(anne, day=today(1))
    with database.reading() as session:
        community, now = the_community(session), clock.now()
        with statements_of(switchboard) as asked:
            duty_now(session, community, now)
            duty_now(session, community, now)
    assert len(asked) == statements

"""Whom a campaign rings, and whom it leaves out and why."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete

from campaigns.audience import audience_report
from campaigns.audiences.rules import of_flags
from contacts.community.community import the_community
from contacts.models import Consent, Flag, LeftOut, Pause, Phone, Resident, ResidentFlag
from core import clock
from core.storage import database
from tests.switchboard import opts_out, resident

TODAY, NOON = date(2026, 11, 28), datetime(2026, 11, 28, 4, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


def enrol(name, *flags, consent=True):
    resident_id = resident(name, f"+86311860{len(name):05d}")
    with database.unit_of_work() as session:
        if not consent:
            session.execute(delete(Consent).where(Consent.resident_id == resident_id))
        session.add_all(ResidentFlag(resident_id=resident_id, flag=flag) for flag in flags)
    return resident_id


def report(flags):
    with database.reading() as session:
        return audience_report(session, the_community(session), of_flags(flags), NOON)


def change(what):
    with database.unit_of_work() as session:
        what(session)


def test_people_are_counted_once_and_under_each_of_their_flags(switchboard):
    enrol("一", Flag.LIVES_ALONE, Flag.EMPTY_NEST)
    enrol("二二", Flag.LIVES_ALONE)
    enrol("三三三", "爱唱戏")
    chosen = report([Flag.LIVES_ALONE, Flag.EMPTY_NEST, Flag.AGED_90])
    assert (chosen.people, dict(chosen.by_flag)) == (2, {"lives_alone": 2, "empty_nest": 1, "aged_90": 0})
    everybody = report(None)
    assert (everybody.people, dict(everybody.by_flag)) == (3, {"empty_nest": 1, "lives_alone": 2, "爱唱戏": 1})


def test_each_of_those_left_out_is_counted_under_one_reason(switchboard):
    flag = Flag.LIVES_ALONE
    out = [enrol("名" * length, flag) for length in range(1, 5)]
    enrol("没有同意", flag, consent=False)
    enrol("别的标记", Flag.EMPTY_NEST, consent=False)
    change(lambda session: opts_out(session, out[0]))
    change(lambda session: session.execute(delete(Phone).where(Phone.resident_id == out[1])))
    change(lambda session: session.add(Pause(resident_id=out[2], first_day=TODAY, last_day=TODAY)))
    change(lambda session: setattr(session.get_one(Resident, out[3]), "removed_at", clock.now()))
    found = report([flag])
    assert found.people == 0
    assert found.left_out == {
        LeftOut.NO_CONSENT: 1, LeftOut.WITHDRAWN: 1, LeftOut.NO_NUMBER: 1, LeftOut.PAUSED: 1
    }  # fmt: skip
    assert found.enrolled == 4

from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import true

from contacts import queries
from contacts.community.community import area, establish_community, grid, root_area, the_community
from contacts.models import Consent, Flag, Pause
from core.errors import NotFoundError
from core.short_ids import short
from core.storage.database import unit_of_work
from tests import people
from tests.contacts.stories import statements_of

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def enrol(session, community, name, *, flags=(), numbers=("+8631186000101",), consent=True, language="zh-CN"):
    home = people.household(session, name)
    return people.resident(session, name, *numbers, home=home, agreed=consent, flags=flags, language=language,
                           call_time=time(9))  # fmt: skip


def responder(session, community, name, number, *where) -> UUID:
    return people.responder(session, name, number, areas=list(where)).id


def audience(session, community, flags=None, on=TODAY):
    meant = true() if flags is None else queries.flagged(flags)
    return [each.called for each in queries.audience(session, community.id, meant, on)]


def test_an_audience_is_everybody_with_one_of_the_flags(db, community):
    with unit_of_work() as session:
        enrol(session, community, "独居", flags=[Flag.LIVES_ALONE, Flag.AGED_80])
        enrol(session, community, "空巢", flags=[Flag.EMPTY_NEST])
        enrol(session, community, "无")
        assert audience(session, community) == ["独居", "空巢", "无"]
        assert audience(session, community, [Flag.LIVES_ALONE, Flag.AGED_80]) == ["独居"]
        assert audience(session, community, ["empty_nest", "lives_alone"]) == ["独居", "空巢"]
        assert audience(session, community, []) == []


def test_an_enrolled_resident_brings_what_a_call_needs(db, community):
    with unit_of_work() as session:
        resident = enrol(session, community, "王桂兰", numbers=("+8631186000101", "+8613900000001"))
        assert queries.audience(session, community.id, true(), TODAY) == [
            queries.Enrolled(resident.id, "王桂兰", "zh-CN", None, ("+8631186000101", "+8613900000001"), False, time(9))
        ]


def test_whoever_has_not_agreed_or_has_no_telephone_is_not_in_the_audience(db, community):
    with unit_of_work() as session:
        enrol(session, community, "没有同意", consent=False)
        enrol(session, community, "没有电话", numbers=())
        assert audience(session, community) == []
        assert [each.name for each in queries.without_consent(session, community.id)] == ["没有同意"]


def test_a_withdrawn_consent_counts_no_more_until_there_is_a_new_one(db, community):
    with unit_of_work() as session:
        resident = enrol(session, community, "王桂兰")
        assert queries.has_consent(session, resident.id)
        resident.consents[0].withdrawn_at = NOW
        assert not queries.has_consent(session, resident.id)
        assert audience(session, community) == []
        session.add(Consent(resident_id=resident.id, statement="again", recorded_at=NOW))
        assert queries.has_consent(session, resident.id)
        assert audience(session, community) == ["王桂兰"]


@pytest.mark.parametrize(("day", "paused"), [(22, False), (23, True), (24, True), (25, True), (26, False)])
def test_a_pause_holds_on_both_its_days_and_between(db, community, day, paused):
    with unit_of_work() as session:
        resident = enrol(session, community, "王桂兰")
        session.add(Pause(resident_id=resident.id, first_day=date(2026, 11, 23), last_day=date(2026, 11, 25)))
        on = date(2026, 11, day)
        assert queries.is_paused(session, resident.id, on) is paused
        assert [each.paused for each in queries.audience(session, community.id, true(), on)] == [paused]


def test_an_audience_takes_as_many_statements_for_many_as_for_one(db, community):
    def statements(residents: int) -> int:
        with unit_of_work() as session:
            for index in range(residents):
                enrol(session, community, f"{residents}-{index}", flags=[Flag.LIVES_ALONE])
        with db.reading() as session, statements_of(db) as sent:
            queries.audience(session, community.id, queries.flagged([Flag.LIVES_ALONE]), TODAY)
        return len([each for each in sent if each.startswith("SELECT")])

    assert statements(1) == statements(40) == 2


def test_many_profiles_take_as_many_statements_as_one(db, community):
    def statements(residents: int) -> int:
        with unit_of_work() as session:
            ids = [enrol(session, community, f"{residents}-{index}").id for index in range(residents)]
        with db.reading() as session, statements_of(db) as sent:
            assert list(queries.resident_profiles(session, ids)) == ids
        return len([each for each in sent if each.startswith("SELECT")])

    assert statements(1) == statements(40)


def test_a_profile_speaks_of_the_home_and_the_areas_around_it(db, community):
    with unit_of_work() as session:
        resident = enrol(session, community, "301", language="en", flags=["b", "a"])
        profile = queries.resident_profile(session, resident.id)
        building, unit = area(session, community, "3", ""), area(session, community, "3", "2")
        root = root_area(session, community)
    assert (profile.building, profile.unit, profile.room) == ("building 3", "unit 2", "301")
    assert profile.place == "building 3, unit 2, room 301"
    assert profile.area_ids == (unit.id, building.id, root.id)
    assert profile.building_area_id == building.id
    assert profile.flags == ("a", "b")


def test_who_does_not_exist_is_not_found(db, community):
    with db.reading() as session:
        stranger = uuid4()
        with pytest.raises(NotFoundError, match=short(stranger)):
            queries.resident(session, stranger)
        with pytest.raises(NotFoundError):
            queries.resident_profile(session, stranger)
        assert queries.resident_profiles(session, [stranger]) == {}


def test_the_nearest_responders_come_first_and_nobody_comes_from_elsewhere(db, community):
    with unit_of_work() as session:
        everywhere = responder(session, community, "everywhere", "+8613700000001")
        building = responder(session, community, "building", "+8613700000002", area(session, community, "3", ""))
        unit = responder(session, community, "unit", "+8613700000003", area(session, community, "3", "2"))
        both = responder(
            session, community, "two places", "+8613700000007", area(session, community, "4", ""),
            area(session, community, "3", "")
        )  # fmt: skip
        responder(session, community, "next door", "+8613700000004", area(session, community, "3", "1"))
        responder(session, community, "other building", "+8613700000005", area(session, community, "4", ""))
        root = responder(session, community, "root", "+8613700000006", root_area(session, community))
        home = queries.resident_profile(session, enrol(session, community, "301").id)
        near = queries.responders_near(session, community.id, home.area_ids)
    assert [(each.responder_id, each.distance) for each in near] == [
        (unit, 0),
        (building, 1),
        (both, 1),
        (root, 2),
        (everywhere, 3),
    ]


def test_a_building_that_was_put_into_a_grid_stays_there(db, community):
    with unit_of_work() as session:
        building = area(session, community, "3", "")
        building.parent_id = grid(session, community, "第一网格").id
        session.flush()
        assert area(session, community, "三号楼", "").id == building.id
        home = queries.resident_profile(session, enrol(session, community, "301").id)
        worker = responder(session, community, "worker", "+8613700000001", grid(session, community, "第一网格"))
        near = queries.responders_near(session, community.id, home.area_ids)
    assert [(each.responder_id, each.distance) for each in near] == [(worker, 2)]


def test_people_are_found_by_any_of_their_telephones(db, community):
    with unit_of_work() as session:
        enrol(session, community, "王桂兰", numbers=("+8631186000101", "+8613900000001"))
        enrol(session, community, "赵德明", numbers=("+8631186000101",))
        helper = responder(session, community, "石磊", "+8613700000001")
        by_number = [each.name for each in queries.residents_by_number(session, "+8631186000101")]
        assert by_number == ["王桂兰", "赵德明"]
        assert [each.name for each in queries.residents_by_number(session, "+8613900000001")] == ["王桂兰"]
        assert queries.residents_by_number(session, "+8613700000001") == []
        assert queries.responder_by_number(session, "+8613700000001").id == helper
        assert queries.responder_by_number(session, "+8631186000101") is None
        assert queries.responders(session, [helper])[helper].name == "石磊"


def test_there_is_one_community_and_the_first_start_makes_it(db):
    particulars = {"timezone": "Asia/Shanghai", "language": "zh-CN", "region": "CN", "area_code": "0311"}
    with unit_of_work() as session:
        with pytest.raises(NotFoundError, match="Start the service once"):
            the_community(session)
        first = establish_community(session, name="槐东社区", **particulars)
        assert establish_community(session, name="槐西社区", **particulars) is first
        assert the_community(session).name == root_area(session, first).name == "槐东社区"

import phonenumbers
import pytest
from sqlalchemy import select, true

from contacts import queries
from contacts.importing.importing import Kind, run_import
from contacts.models import Household, Relative, Resident, Responder, Role
from core import clock
from core.storage.database import reading
from zaoan.demo.demo import DEMO_DATA

pytestmark = pytest.mark.usefixtures("community")


def import_demo(kind: Kind):
    return run_import(kind, DEMO_DATA / f"{kind}.csv", consent=None, dry_run=False)


def test_the_demo_has_24_residents_in_23_homes_and_all_may_be_called(community):
    report = import_demo(Kind.RESIDENTS)
    assert (report.added, report.problems, report.uncalled) == (24, (), ())
    with reading() as session:
        assert len(session.scalars(select(Household)).all()) == 23
        audience = queries.audience(session, community.id, true(), clock.now().date())
        assert len({each.called for each in audience}) == 24
        assert sum(len(each.numbers) == 2 for each in audience) == 1
        assert [each.called for each in audience if each.language == "en"] == ["Mrs Carter"]
        assert len({each.numbers[0] for each in audience}) == 23
        assert len({each.number for each in session.scalars(select(Relative))}) == 6


def test_every_number_of_the_demo_is_valid_and_nobodys_twice():
    import_demo(Kind.RESIDENTS)
    import_demo(Kind.RESPONDERS)
    with reading() as session:
        people = queries.residents_in_full(session, session.scalars(select(Resident.community_id)).first())
        numbers = [phone.number for each in people for phone in each.phones]
        others = [each.number for table in (Relative, Responder) for each in session.scalars(select(table))]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in [*numbers, *others])
    assert len(set(numbers)) == len(numbers) - 1  # the couple's
    assert len(set(others) | set(numbers)) == len(set(numbers)) + len(others)


def test_everybody_in_the_demo_has_a_neighbour_and_the_office_near(community):
    import_demo(Kind.RESIDENTS)
    assert import_demo(Kind.RESPONDERS).added == 5
    with reading() as session:
        for each in queries.residents_in_full(session, community.id):
            home = queries.resident_profile(session, each.id)
            near = queries.responders_near(session, community.id, home.area_ids)
            assert near[0].distance == 1
            assert {Role.VOLUNTEER, Role.OFFICE} <= {responder.role for responder in near}

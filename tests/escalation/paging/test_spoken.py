"""Who speaks what a resident speaks is asked first on their step; everybody else is asked after them."""

from contacts.models import Resident
from core import actors
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, Page, PageState
from escalation.paging import paging
from tests import people
from tests.ivr.correspondence import GRANNY, LANDLINE

NEAR, FAR = "+8613900000021", "+8613900000022"


def helpers():
    """Two volunteers: one of the house, and one of the whole community who speaks Cantonese."""
    with database.unit_of_work() as session:
        people.responder(session, "魏红", NEAR, "volunteer", buildings=[people.BUILDING])
        people.responder(session, "黄伟", FAR, "volunteer", languages=["cantonese"])


def asked(street):
    """The names in the order in which they were asked, each declining."""
    names = {each.id: each.name for each in street.all(people.Responder)}
    [case] = street.all(Case)
    for _ in range(len(names)):
        with database.unit_of_work() as session:
            held = session.get_one(Case, case.id)
            paging.ask_next(session, held)
            for page in held.pages:
                if page.state == PageState.CALLING:
                    page.state = PageState.DECLINED
    return [names[each.responder_id] for each in sorted(street.all(Page), key=lambda page: (page.asked_at, page.id))]


def needs(resident_id):
    with database.unit_of_work() as session:
        cases.open_case(session, actors.system(), CaseKind.NEEDS_SUPPLIES, resident_id, None)
    with database.unit_of_work() as session:
        for page in session.query(Page):
            page.state = PageState.DECLINED


def test_who_speaks_what_is_spoken_at_home_is_asked_first_and_the_other_one_next(street):
    helpers()
    with database.unit_of_work() as session:
        granny = people.resident(session, "黄奶奶", LANDLINE, GRANNY, flags=["只说粤语"]).id
    needs(granny)
    assert asked(street) == ["黄伟", "魏红"]


def test_without_a_dialect_the_nearest_is_asked_first(street):
    helpers()
    with database.unit_of_work() as session:
        granny = people.resident(session, "王奶奶", LANDLINE, GRANNY).id
    needs(granny)
    assert asked(street) == ["魏红", "黄伟"]


def test_who_is_rung_in_english_is_first_helped_by_who_speaks_it(street):
    helpers()
    with database.unit_of_work() as session:
        people.responder(session, "Ann", "+8613900000023", "volunteer", language="en")
        granny = people.resident(session, "Margaret", LANDLINE, GRANNY).id
        session.get_one(Resident, granny).language = "en"
    needs(granny)
    assert asked(street) == ["Ann", "魏红", "黄伟"]

"""Relatives of the street, and the links to their pages."""

from sqlalchemy import select

from campaigns.models import Outcome
from contacts import relative_links
from contacts.models import Relative
from core import actors
from core.storage.database import unit_of_work
from tests import people
from tests.console import street

DAUGHTER = "+8613611110001"


def link_of(called, number=DAUGHTER, **more):
    """The path of the page of this resident's daughter, who is written down now."""
    with unit_of_work() as session:
        who = street.person(session, called)
        known = session.scalars(
            select(Relative).where(Relative.resident_id == who.id, Relative.number == number)
        ).first()
        daughter = known or people.relative(session, who.id, "王丽", number, relation="女儿", **more)
        return "/f/" + relative_links.give(session, actors.user("社区"), daughter.id).rsplit("/", 1)[-1]


def any_link():
    """The path of the page of the first relative there is."""
    with unit_of_work() as session:
        first = session.scalars(select(Relative).order_by(Relative.id)).first()
        return "/f/" + relative_links.give(session, actors.user("社区"), first.id).rsplit("/", 1)[-1]


def a_morning():
    """王奶奶 is well; 李爷爷 unwell, and a helper is on the way; nobody has heard from 张奶奶, and 何奶奶 is to be rung
    again."""
    street.begin_round()
    street.answer("王奶奶", Outcome.OK)
    street.answer("李爷爷", Outcome.UNWELL)
    street.answer("张奶奶", Outcome.NO_ANSWER)
    street.accept_case("李爷爷", "田保国")

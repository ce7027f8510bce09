"""A page of a list reads what it shows: with a hundred thousand residents, no page may sort all of them."""

from uuid import uuid4

import pytest
from sqlalchemy import event

from api import paging, queries
from campaigns.models import CheckIn
from contacts.community.community import the_community
from contacts.models import Household, Resident
from core.storage import database
from core.storage.database import reading
from escalation.models import Case, Page

SOMETHING = uuid4()
LISTS = {
    "residents": (lambda community: queries.residents(community, removed=False, phone=None, name=None), Resident, {}),
    "households": (queries.households, Household, {}),
    "check-ins": (lambda _: queries.check_ins(SOMETHING), CheckIn, {}),
    "cases": (lambda community: queries.cases(community, None, None), Case, {"newest_first": True}),
    "pages": (lambda community: queries.pages(community, None), Page, {"newest_first": True}),
}


@pytest.mark.parametrize("cursor", [None, "the page before"])
@pytest.mark.parametrize("name", LISTS)
def test_no_page_of_a_long_list_sorts_the_whole_list(house, name, cursor):
    """By SQLite's plan; PostgreSQL walks the same indexes."""
    rows, model, how = LISTS[name]
    asked = []
    engine = database.current().engine
    with reading() as session:
        community = the_community(session).id
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        paging.page(session, rows(community), model.id, cursor and paging._cursor(SOMETHING), 50, list, **how)
        statement, parameters = asked[0]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    told = [row[3] for row in plan]
    assert not [each for each in told if "ORDER BY" in each], told

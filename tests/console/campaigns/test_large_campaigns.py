"""The pages of campaigns in a large community: they read and send no more than they show."""

import pytest

from campaigns.models import Campaign, Round
from core.storage import database
from tests.console.today.test_large import asked, browser, on_the_wire, statements  # noqa: F401

FIELDS = {"whom": "chosen", "flag": ["lives_alone"], "often": "daily", "at": "08:00", "kind": "check-in"}
BYTES, STATEMENTS = 20_000, 50
"""On the wire, and to the database: with three thousand residents as with thirty."""


@pytest.fixture
def pages(large):
    with database.reading() as session:
        one = session.query(Campaign).first().id
        assert session.query(Round).count() == 1
    return [f"/campaigns{each}" for each in ("", "/new", f"/{one}", f"/{one}/edit", f"/{one}/people")] + ["/rounds"]


def test_every_page_is_small_and_asks_a_few_times(browser, pages):  # noqa: F811
    for address in pages:
        assert statements(lambda address=address: browser.get(address)) <= STATEMENTS, address
        assert on_the_wire(browser.get(address)) <= BYTES, address


def test_what_is_looked_up_while_a_form_is_filled_in_reads_a_dozen_names(browser):  # noqa: F811
    said = asked(lambda: browser.post("/campaigns/preview", data=FIELDS, headers={"X-Parts": "true"}))
    assert len(said) <= STATEMENTS
    named = [each for each in said if "residents.name" in each]
    assert len(named) == 1
    assert "LIMIT" in named[0]

"""The office gives a relative the link to their page, and ends it, on the resident's file."""

import pytest

from contacts import relative_links
from contacts.models import Relative
from core.storage.database import reading, unit_of_work
from ivr.models import Text
from tests import people
from tests.campaigns.family.conftest import DAUGHTER
from tests.console.people.conftest import lives, looked_up, office  # noqa: F401
from tests.console.relative.test_family_page import rows


@pytest.fixture
def daughter(lives):  # noqa: F811
    who = lives("王桂兰", "+8631186000101", called="王奶奶")
    with unit_of_work() as session:
        return who, people.relative(session, who, "王丽", DAUGHTER).id


def has_link(relative_id):
    with reading() as session:
        return relative_links.has_link(session, session.get_one(Relative, relative_id))


def test_the_link_is_sent_and_ended(office, daughter):  # noqa: F811
    who, relative_id = daughter
    address = f"/residents/{who}/relatives/{relative_id}/link"
    assert f'action="{address}/end"' not in office.get(f"/residents/{who}").text
    assert office.post(address).status_code == 303
    [text] = rows(Text)
    assert (text.number, "/f/" in text.body, has_link(relative_id)) == (DAUGHTER, True, True)
    assert f'action="{address}/end"' in office.get(f"/residents/{who}").text
    assert office.post(f"{address}/end").status_code == 303
    assert not has_link(relative_id)


def test_to_a_landline_nothing_is_sent_and_the_page_says_what_to_do(office, daughter):  # noqa: F811
    who, relative_id = daughter
    with unit_of_work() as session:
        session.get_one(Relative, relative_id).number = "+8631186000777"
    refused = office.post(f"/residents/{who}/relatives/{relative_id}/link")
    assert (refused.status_code, "takes no texts" in refused.text, rows(Text)) == (422, True, [])

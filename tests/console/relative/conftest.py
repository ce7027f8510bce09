"""王奶奶's daughter, the link that she was given, and browsers."""

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from contacts import relative_links
from core import actors
from core.storage.database import unit_of_work
from tests import people
from tests.console import street
from tests.console.people.forms import send
from zaoan.web.app import web_app

NUMBER = "+8613611110001"


class Family:
    """``hers`` is the daughter's browser, ``browser()`` one that has never been here."""

    def __init__(self, folder):
        self._app = web_app(ClipStore(folder / "clips"))
        with unit_of_work() as session:
            self.who = street.person(session, "王奶奶").id
            self.daughter = people.relative(session, self.who, "王丽", NUMBER, relation="女儿").id
        self.path = self.given()
        self.hers = self.browser()

    def given(self):
        with unit_of_work() as session:
            return "/f/" + relative_links.give(session, actors.user("社区"), self.daughter).rsplit("/", 1)[1]

    def browser(self):
        return TestClient(self._app, base_url="http://127.0.0.1:8000", follow_redirects=False,
                          headers={"Accept": "text/html"})  # fmt: skip

    def open(self):
        assert self.hers.post(f"{self.path}/open").status_code == 303
        return self

    def send(self, form, **typed):
        """Fills this form of her page in, and sends it."""
        return send(self.hers, self.path, f"{self.path}/{form}", **typed)


@pytest.fixture
def family(neighbourhood, tmp_path):
    street.begin_round()
    return Family(tmp_path)

"""A service of its own with a telephone in memory: who picks up, what they hear, what they press."""

import json
from time import monotonic, sleep
from urllib.parse import urlsplit

from fastapi.testclient import TestClient

from core.running import background
from core.storage import database
from ivr.models import Ending
from ivr.tasks import dialler
from tests.ivr.ports.in_memory import InMemoryTelephone
from tests.patience import PATIENCE_SECONDS
from zaoan.process import wiring
from zaoan.web.app import web_app

NOBODY = "http://127.0.0.1:1"


class Street:
    """The service in this process, whose provider is a telephone in memory."""

    def __init__(self, chosen):
        self.chosen, self.telephone = chosen, InMemoryTelephone()
        self.database = wiring.open_house(chosen)
        self.connected = wiring.connect(chosen, chosen.public_url, NOBODY, lambda _: self.telephone)
        self.client = TestClient(web_app(self.connected.store))

    def close(self):
        dialler().close()
        dialler.cache_clear()
        background.finish_all()
        self.connected.voice.close()
        self.database.close()

    def dial_until_it_rings(self, number):
        """Whatever is due is dialled, and every answer of the provider's recorded."""
        until = monotonic() + PATIENCE_SECONDS
        while not self.telephone.lines_to(number) or dialler()._asking.total():
            assert monotonic() < until, f"the telephone at {number} never rang"
            dialler().dial()
            sleep(0.01)

    def picks_up(self, number):
        """Whoever is to be rung at this number is rung, and picks up."""
        self.dial_until_it_rings(number)
        return Handset(self, self.telephone.lines_to(number)[-1]).begin()

    def rings(self, number, our_number):
        """Somebody rings us."""
        line = self.telephone.begin(our_number, number)
        line.is_answered = True
        return Handset(self, line, party=number).go_on("/telephony/inbound/voice", caller=number, dialled=our_number)

    def tell(self, url, **told):
        """A request of the provider's; returns our answer."""
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        request = self.telephone.request(self.chosen.public_url + path, **told)
        return self.client.post(path, content=request.body, headers=dict(request.headers))

    def rows(self, statement):
        with database.reading() as session:
            return session.scalars(statement).all()


class Handset:
    """One conversation, from the other end of the line."""

    def __init__(self, street, line, party=""):
        self._street, self.line, self._party, self.document = street, line, party or line.call.to, None

    def begin(self):
        self.line.is_answered = True
        return self.go_on(self.line.order.answer_url)

    def go_on(self, url, **told):
        """The provider asks us what comes next."""
        answer = self._street.tell(url, line=self.line.call.provider_id, party=self._party, **told)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/json")
        self.document = json.loads(answer.text)
        return self

    def press(self, key):
        return self.go_on(self.document["ask"]["url"], pressed=key)

    @property
    def hears(self):
        return "".join(each.get("say", "") for each in self.document["hear"])

    @property
    def is_over(self):
        """Nothing is asked any more: the line goes dead once all is said."""
        return set(self.document) == {"hear"}

    def hang_up(self, by="person"):
        self.line.end(Ending.COMPLETED)
        url = self.line.order.status_url if self.line.order else "/telephony/inbound/status"
        answer = self._street.tell(url, line=self.line.call.provider_id, state="completed", by=by)
        assert answer.status_code == 204, answer.text

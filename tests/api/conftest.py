"""A community with a program that uses its API, and another community beside it."""

import re

import pytest
from fastapi.testclient import TestClient

from contacts.community.community import the_community
from core.storage.database import unit_of_work
from tests import people, signed_in
from zaoan.process import wiring
from zaoan.web.app import web_app

HOME = {"building": "3号楼", "unit": "2单元", "room": "501"}
GRANNY = {"name": "王桂兰", "called": "王奶奶", "phone": "0311-86000101", "home": HOME, "consent": "签字表 2026-11-01",
          "flags": ["独居"], "notes": "腿脚不便"}  # fmt: skip


def assert_documented(document, method, path, status):
    """Every answer that any test of the API gets is one that the document tells of for this operation."""
    for template, operations in document["paths"].items():
        if method.lower() in operations and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            assert str(status) in operations[method.lower()]["responses"], (method, template, status)


class Api:
    """What a program sees: ``get``, ``post`` … answer as the service does; paths begin after ``/api/v1``."""

    def __init__(self, client, secret):
        self.client, self._headers = client, signed_in.bearer(secret)

    def ask(self, method, path, headers=(), **sent):
        answer = self.client.request(method, f"/api/v1{path}", headers={**self._headers, **dict(headers)}, **sent)
        assert_documented(self.client.app.openapi(), method, f"/api/v1{path}".partition("?")[0], answer.status_code)
        return answer

    def get(self, path, **query):
        return self.ask("GET", path, params=query)

    def post(self, path, body=None, key=None, **query):
        return self.ask("POST", path, {"Idempotency-Key": key} if key else {}, json=body or {}, params=query)

    def patch(self, path, body, seen=None):
        return self.ask("PATCH", path, {"If-Match": seen} if seen else {}, json=body)

    def granny(self, **otherwise):
        """王奶奶 is enrolled; her document."""
        made = self.post("/residents", GRANNY | otherwise)
        assert made.status_code == 201, made.text
        return made.json()


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings.model_copy(update={"api_requests_per_minute": 100_000}))
    connected = wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:1")
    with unit_of_work() as session:
        people.responder(session, "石磊", "+8613700000030", "volunteer")
    with TestClient(web_app(connected.store), raise_server_exceptions=False) as client:
        yield client
    connected.voice.close()
    opened.close()


@pytest.fixture
def api(house):
    return Api(house, signed_in.token())


@pytest.fixture
def others(house):
    """A program of another community."""
    return Api(house, signed_in.token(community_id=signed_in.community("另一个社区")))


@pytest.fixture
def community_id(house):
    with unit_of_work() as session:
        return the_community(session).id

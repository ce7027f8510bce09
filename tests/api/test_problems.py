"""What is wrong is said as RFC 9457 has it, in the language of whoever asks; and how often a token may ask."""

import pytest

from api.rate_limit import RateLimits, TooManyRequestsError
from core.ids import new_id
from tests import signed_in
from tests.api.conftest import GRANNY, Api


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [("zh-CN", "没有找到", "没有编号为"), ("en", "Not found", "There is no resident")],
)
def test_a_problem_is_told_in_the_language_asked_for(api, language, title, detail):
    answer = api.ask("GET", f"/residents/{new_id()}", {"Accept-Language": language})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    said = answer.json()
    assert (said["status"], said["type"], said["title"]) == (404, "urn:zaoan:problem:not-found", title)
    assert (said["field"], detail in said["detail"]) == ("resident", True)


def test_every_mistake_of_a_request_is_named(api):
    answer = api.post("/residents", {"phone": 5, "home": {"rom": "501"}, "colour": "red"})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"name", "phone", "home.rom", "colour"}


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "é"])
def test_a_cursor_that_nobody_gave_is_refused(api, cursor):
    answer = api.get("/residents", cursor=cursor)
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


def test_a_number_that_is_none_is_refused_with_its_field(api):
    answer = api.post("/residents", GRANNY | {"phone": "0311-12"})
    assert (answer.status_code, answer.json()["field"], answer.json()["value"]) == (422, "phone", "0311-12")


def test_what_there_is_not_is_a_problem_too(api):
    assert api.get("/nowhere").json()["type"] == "urn:zaoan:problem:not-found"
    assert api.ask("PUT", "/residents").status_code == 405


def test_a_token_that_asks_too_often_waits_and_others_do_not(api):
    api.client.app.state.keys.limits = RateLimits(3)
    said = [api.get("/campaigns") for _ in range(4)]
    assert [each.status_code for each in said] == [200, 200, 200, 429]
    assert [each.headers["RateLimit-Remaining"] for each in said[:3]] == ["2", "1", "0"]
    assert 1 <= int(said[3].headers["Retry-After"]) <= 20
    assert Api(api.client, signed_in.token()).get("/campaigns").status_code == 200


def test_a_bucket_fills_again_evenly(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("api.rate_limit.monotonic", lambda: now[0])
    limits = RateLimits(60)
    for _ in range(60):
        limits.take(None)
    with pytest.raises(TooManyRequestsError):
        limits.take(None)
    now[0] = 2.0
    limits.take(None)
    limits.take(None)
    with pytest.raises(TooManyRequestsError):
        limits.take(None)


def test_a_token_that_was_revoked_or_is_too_old_opens_nothing(house):
    from core import actors
    from core.identity import api_tokens, queries
    from core.storage.database import unit_of_work

    secret = signed_in.token()
    assert Api(house, secret).get("/campaigns").status_code == 200
    with unit_of_work() as session:
        token = api_tokens.of_secret(session, secret)
        api_tokens.revoke(session, actors.system(), token)
        assert queries.tokens(session, token.community_id)[0].secret != secret
    assert Api(house, secret).get("/campaigns").status_code == 401

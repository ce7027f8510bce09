"""The table of rights: every route with every role, every scope and another community, for yes and for no."""

import re

import pytest
from fastapi.testclient import TestClient

from core.identity.roles import USER_ROLES, AccessRole, Scope
from core.ids import new_id
from core.settings import Settings, Telephony
from tests import signed_in
from tests.databases import sqlite_in
from zaoan.process import wiring
from zaoan.web.app import assembled, web_app
from zaoan.web.rights import TABLE, WITH_NAMES, Open
from zaoan.web.routes_known import Routes

ENDLESS = "GET /events"
REFUSED = {401, 403}
PAGES = sorted(name for name, right in TABLE.items() if right.roles and name != ENDLESS)
PROGRAMS = sorted(name for name, right in TABLE.items() if right.scope)
OPEN = sorted(name for name, right in TABLE.items() if right.open is Open.ANYBODY)
EXPECTED = {
    "GET /": {"administrator", "office"},
    "GET /start": {"administrator"},
    "POST /start/call": {"administrator"},
    "GET /settings": {"administrator"},
    "POST /settings/community": {"administrator"},
    "GET /find": {"administrator", "office"},
    "GET /audit": {"administrator", "auditor"},
    "GET /campaigns": {"administrator", "office", "auditor"},
    "GET /campaigns/{campaign_id}": {"administrator", "office", "auditor"},
    "GET /campaigns/{campaign_id}/people": {"administrator", "office"},
    "POST /campaigns/{campaign_id}/activate": {"administrator", "office"},
    "POST /rounds/{round_id}/again": {"administrator", "office"},
    "GET /reports/{month}": {"administrator", "office", "auditor"},
    "GET /account": {"administrator", "office", "responder", "relative", "auditor"},
    "POST /today/cases/{case_id}/close": {"administrator", "office"},
    "GET /today/messages/{recording_id}.wav": {"administrator", "office"},
    "GET /residents/{resident_id}": {"administrator", "office"},
    "GET /residents/{resident_id}/health": {"administrator", "office"},
    "POST /responders/{responder_id}/remove": {"administrator", "office"},
    "GET /api/v1/residents/{resident_id}": {"residents:read"},
    "POST /api/v1/cases/{case_id}/accept": {"cases:write"},
    "POST /api/v1/campaigns/{campaign_id}/rounds": {"rounds:write"},
}
"""Some rows, said once more by hand."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    opened = wiring.open_house(
        Settings(database_url=sqlite_in(folder), data_dir=folder, api_requests_per_minute=100_000)
    )
    connected = wiring.connect(Settings(data_dir=folder), "http://127.0.0.1:8000", "http://127.0.0.1:1")
    application = web_app(connected.store)
    others = signed_in.community("另一个社区")
    users = {role: signed_in.session_of(signed_in.user(role.value, role)) for role in USER_ROLES}
    strangers = {
        role: signed_in.session_of(signed_in.user(f"{role}2", role, community_id=others)) for role in USER_ROLES
    }
    tokens = {scope: signed_in.token(scope) for scope in Scope}
    with TestClient(application, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client, users, strangers, tokens
    connected.voice.close()
    opened.close()


def asked(client, name, secret=None, token=None):
    """The status that somebody is answered; redirects of pages that are not theirs say so, too."""
    method, path = name.split(" ", 1)
    client.cookies.clear()
    if secret:
        client.cookies.set(signed_in.COOKIE, secret)
    headers = {"Accept": "text/html"} | (signed_in.bearer(token) if token else {})
    answer = client.request(method, re.sub(r"{[^}]*}", str(new_id()), path), headers=headers)
    to = answer.headers.get("Location", "")
    return 401 if to.startswith("/sign-in") and path != "/sign-out" else answer.status_code


def test_every_route_has_a_row_and_every_row_a_route():
    known = {name for kind in Telephony for name in Routes(assembled(kind, "http://h", "h").routes).names}
    assert known == set(TABLE)


@pytest.mark.parametrize(("name", "who"), EXPECTED.items())
def test_the_table_says_what_it_is_meant_to(name, who):
    right = TABLE[name]
    assert {each.value for each in (*right.roles, *([right.scope] if right.scope else ()))} == who


def test_whatever_changes_something_or_shows_a_file_is_audited():
    left = {name for name, right in TABLE.items() if not right.open and not right.audited}
    assert left == {"GET /", "GET /today/parts", "POST /today/parts", "GET /events", "GET /listen", "GET /recordings",
                    "GET /recordings/{recording_id}.wav", "GET /audit", "GET /account", "POST /sign-out",
                    "GET /campaigns", "GET /campaigns/{campaign_id}", "GET /rounds",
                    "GET /reports", "GET /reports/{month}", "GET /reports/{month}/report.csv",
                    "GET /reports/{month}/report.pdf", "GET /start", "GET /settings"}  # fmt: skip
    assert all(right.audited for right in WITH_NAMES.values())


def test_nobody_opens_a_page_without_signing_in(house):
    client, *_ = house
    assert {name: asked(client, name) for name in [*PAGES, ENDLESS]} == dict.fromkeys([*PAGES, ENDLESS], 401)


@pytest.mark.parametrize("role", USER_ROLES)
def test_each_role_opens_what_the_table_allows_and_nothing_else(house, role):
    client, users, _, _ = house
    may, may_not = [[name for name in PAGES if (role in TABLE[name].roles) is allowed] for allowed in (True, False)]
    home = {"GET /"} - set(may)  # whoever may not see Today begins elsewhere
    assert {name: asked(client, name, users[role]) for name in set(may_not) - home} == dict.fromkeys(
        set(may_not) - home, 403
    )
    leave_for_last = sorted(may, key=lambda name: name == "POST /sign-out")
    assert {name for name in leave_for_last if asked(client, name, users[role]) in REFUSED} == set()


@pytest.mark.parametrize("role", USER_ROLES)
def test_a_user_of_another_community_sees_nothing_of_this_one(house, role):
    client, _, strangers, _ = house
    own = {name for name in PAGES if set(USER_ROLES) <= TABLE[name].roles}
    said = {name: asked(client, name, strangers[role]) for name in [*PAGES, ENDLESS] if name not in own | {"GET /"}}
    assert set(said.values()) == {403}


@pytest.mark.parametrize("scope", Scope)
def test_each_scope_opens_what_the_table_allows_and_nothing_else(house, scope):
    client, *_, tokens = house
    said = {name: asked(client, name, token=tokens[scope]) for name in PROGRAMS}
    assert {name for name, status in said.items() if status not in REFUSED} == {
        name for name in PROGRAMS if TABLE[name].scope is scope
    }


def test_no_session_is_a_key_to_the_api_and_no_token_to_a_page(house):
    client, _users, _, tokens = house
    administrator = signed_in.session_of(signed_in.user("chief", AccessRole.ADMINISTRATOR))
    assert {asked(client, name, administrator) for name in PROGRAMS} == {401}
    assert {asked(client, name, token=tokens[Scope.CASES_WRITE]) for name in PAGES} == {401}


@pytest.mark.parametrize("shown", ["", "zaoan_nothing", "Basic abc", "Bearer", "Bearer  "])
def test_what_is_no_token_opens_nothing(house, shown):
    client, *_ = house
    client.cookies.clear()
    answer = client.get("/api/v1/residents", headers={"Authorization": shown} if shown else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="zaoan"')
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_is_open_to_anybody_is(house):
    client, *_ = house
    assert {asked(client, name) in REFUSED for name in OPEN} == {False}


def test_a_route_without_a_row_is_refused_to_everybody(house):
    client, *_ = house
    office = signed_in.session_of(signed_in.user("clerk"))
    client.app.add_api_route("/forgotten", lambda: "secret", methods=["GET"])
    try:
        assert (asked(client, "GET /forgotten"), asked(client, "GET /forgotten", office)) == (401, 403)
    finally:
        client.app.router.routes.pop()

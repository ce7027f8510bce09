"""What every route tells a browser, and which may change something: a table of all there are."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Route

import console
from console.shell.origin import same_site
from core.ids import new_id
from core.running.installation import Purpose
from core.settings import Telephony
from ivr.webhooks.receiving import genuine, genuine_body
from zaoan.process import wiring
from zaoan.web.app import assembled, web_app
from zaoan.web.rights import STAFF, TABLE, Open
from zaoan.web.routes_known import Routes
from zaoan.web.security_headers import HEADERS

TEMPLATES = Path(console.__file__).parent / "templates"
SAVED = {"sheet.css.html", "sheet_checklist.html", "sheet_month.html", "sheet_round.html"}
APP = assembled(Telephony.EXCHANGE, "http://127.0.0.1:8000", "127.0.0.1")


def every_route(routes, prefix=""):
    """Those of routers that were included, too."""
    for route in routes:
        if isinstance(route, Route):
            yield prefix + route.path, route
        elif router := getattr(route, "original_router", None):
            yield from every_route(router.routes, prefix)


API = "/api/v1/"
"""What a page of another site cannot use, since it has no cookie for it."""
ROUTES = list(every_route(APP.routes))
CHANGES = [(path, route) for path, route in ROUTES if route.methods - {"GET", "HEAD"} and not path.startswith(API)]
FOLLOWED = "/events"
"""An answer that never ends is looked at elsewhere."""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    from core.settings import Settings

    folder = tmp_path_factory.mktemp("secured")
    chosen = Settings(database_url=f"sqlite:///{folder / 'zaoan.db'}", data_dir=folder)
    opened = wiring.open_house(chosen, Purpose.DEMO)  # whose visitor is signed in
    connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
    app = web_app(connected.store)
    app.add_api_route("/failure", failure)
    with pytest.MonkeyPatch.context() as patching:
        patching.setitem(TABLE, "GET /failure", STAFF)
        with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as browser:
            yield browser
    connected.voice.close()
    opened.close()


def failure():
    raise RuntimeError("a failure of ours")


def filled(path):
    return re.sub(r"{[^}]*}", str(new_id()), path)


def is_secured(answer):
    return all(answer.headers.get_list(name) == [value] for name, value in HEADERS.items())


@pytest.mark.parametrize(("path", "route"), [each for each in ROUTES if each[0] != FOLLOWED], ids=str)
def test_every_route_sends_the_headers(client, path, route):
    for method in sorted(route.methods):
        answer = client.request(method, filled(path))
        assert (answer.status_code != 405, is_secured(answer)) == (True, True)


def test_the_table_knows_every_kind_of_route():
    known = {path for path, _ in ROUTES}
    assert {
        "/",
        "/healthz",
        "/telephony/inbound/voice",
        "/telephony/audio/{name}.wav",
        "/recordings",
        FOLLOWED,
    } <= known
    assert len(CHANGES) >= 12


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/nowhere", {}, 404), ("/static/styles/page.css", {}, 200), ("/static/nothing.js", {}, 404), ("/failure", {},
     500), ("/", {"Host": "evil.example"}, 421)],
)  # fmt: skip
def test_what_no_route_answers_has_them_too(client, path, headers, status):
    answer = client.get(path, headers=headers)
    assert (answer.status_code, is_secured(answer)) == (status, True)


@pytest.mark.parametrize("asked", sorted(name for name in Routes(APP.routes).names if not TABLE[name].scope))
def test_whoever_comes_from_elsewhere_is_refused(client, asked):
    """Unsigned, by an address that nobody was told, from another site, or by another name of ours."""
    method, path = asked.split(" ", 1)
    if TABLE[asked].open is Open.SIGNED:
        headers, status = {}, 403
    elif method == "POST":
        headers, status = {"Origin": "http://evil.example"}, 403
    elif TABLE[asked].open is Open.SECRET_ADDRESS:
        headers, status = {}, 404
    else:
        headers, status = {"Host": "evil.example"}, 421
    assert client.request(method, filled(path), headers=headers).status_code == status


def test_the_policy_lets_run_nothing_but_our_own_files():
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert "unsafe-inline" not in policy["script-src"] + policy["style-src"]


@pytest.mark.parametrize(("path", "route"), CHANGES, ids=str)
def test_whatever_changes_something_asks_whence_it_comes(path, route):
    assert isinstance(route, APIRoute)
    asked = {each.call for each in route.dependant.dependencies}
    assert asked & {same_site, genuine, genuine_body}


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.name)
def test_no_script_and_no_style_sheet_stands_in_a_page(page):
    html = page.read_text("utf-8")
    assert all('src="' in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"\son[a-z]+=|javascript:|https?://", html)
    assert "<style" not in html or page.name in SAVED


def test_only_what_a_command_saves_for_print_brings_its_style_along():
    """A file on somebody's disk has no server to ask for it; the service itself shows no such sheet: whatever brings
    its style along is filled in by the room of the sheets alone, for a file."""
    styled = {page.name for page in TEMPLATES.rglob("*.html") if "sheets/sheet.css.html" in page.read_text("utf-8")}
    assert styled | {"sheet.css.html"} == SAVED
    console, filled = TEMPLATES.parent, set()
    for path in console.rglob("*.py"):
        named = set(re.findall(r'"sheets/([\w.]+)"', path.read_text("utf-8"))) & SAVED
        assert not named or path.parent == console / "sheets", path
        filled |= named
    assert filled == styled

"""The page of the users: what an administrator sees and does there, and what nobody can do."""

import re

import pytest

from core import actors
from core.identity import queries, sessions
from core.identity.models import User
from core.identity.passkeys import keys
from core.identity.passkeys.ceremonies import NewKey
from core.identity.roles import AccessRole
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from tests import signed_in

FOREIGN = {"Origin": "http://evil.example"}


@pytest.fixture
def chief(service):
    """An administrator's browser; ``chief.id`` is who they are."""
    browser = service()
    browser.id = signed_in.enter(browser, "chief", AccessRole.ADMINISTRATOR)
    return browser


def user(user_id):
    with reading() as session:
        return session.get_one(User, user_id)


def line(page, called):
    """What the page says of one user."""
    [found] = [
        each for each in re.findall(r'<li id="user-.*?</li>', page.text, re.DOTALL) if f"<b>{called}</b>" in each
    ]
    return found


def link_in(page):
    found = re.findall(r"<code>(http://127.0.0.1:8000/invitation/[^<]+)</code>", page.text)
    return found[0] if found else None


def goes_on(secret):
    with reading() as session:
        return sessions.of_secret(session, secret) is not None


def test_somebody_is_invited_by_a_link_that_is_shown_once(chief, service):
    page = chief.post("/users", data={"name": "lilei", "shown": "李雷", "role": "auditor"})
    link = link_in(page)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "李雷" in page.text.split('class="once"')[1].split("</section>")[0]
    assert link_in(chief.get("/users")) is None
    said = line(chief.get("/users"), "李雷")
    assert ("auditor · invited" in said, "lilei" in said) == (True, True)
    theirs = service()
    path = link.removeprefix("http://127.0.0.1:8000")
    assert (
        theirs.post(path, data={"password": "清晨有人敲门来问早安", "again": "清晨有人敲门来问早安"}).status_code == 303
    )
    assert theirs.get("/audit").status_code == 200
    assert "auditor · active" in line(chief.get("/users"), "李雷")


def test_a_mistake_is_said_and_what_was_typed_stands_there(chief):
    signed_in.user("lilei")
    taken = chief.post("/users", data={"name": "LiLei", "shown": "<b>", "role": "office"})
    assert (taken.status_code, "There is a user LiLei already." in taken.text) == (409, True)
    assert ('value="LiLei"' in taken.text, 'value="&lt;b&gt;"' in taken.text) == (True, True)
    assert chief.post("/users", data={"name": "a b"}).status_code == 422
    for role in ("king", "api_client"):
        assert chief.post("/users", data={"name": "han", "role": role}).status_code == 422
    chinese = chief.post("/users", data={"name": "lilei"}, headers={"Accept-Language": "zh-CN"})
    assert "已经有用户 lilei" in chinese.text


def test_a_role_is_changed_and_holds_from_the_next_request_on(chief, service):
    clerk = service()
    theirs = signed_in.enter(clerk, "clerk")
    assert clerk.get("/users").status_code == 403
    assert chief.post(f"/users/{theirs}/role", data={"role": "administrator"}).status_code == 303
    assert clerk.get("/users").status_code == 200
    assert chief.post(f"/users/{theirs}/role", data={"role": "king"}).status_code == 422
    with reading() as session:
        [changed] = latest(session, 1, ["user.role_changed"])
        told = (changed.subject_id, changed.actor_id, changed.facts["role"], changed.facts["before"])
    assert told == (theirs, chief.id, "administrator", "office")


def test_a_user_is_disabled_and_let_in_again(chief, service):
    clerk = service()
    theirs = signed_in.enter(clerk, "clerk")
    assert chief.post(f"/users/{theirs}/disable").status_code == 303
    assert clerk.get("/").headers["Location"] == "/sign-in"
    assert "office · disabled" in line(chief.get("/users"), "clerk")
    assert chief.post(f"/users/{theirs}/disable").status_code == 409
    assert chief.post(f"/users/{theirs}/enable").status_code == 303
    entered = clerk.post("/sign-in", data={"name": "clerk", "password": signed_in.PASSWORD})
    assert (entered.status_code, clerk.get("/").status_code) == (303, 200)
    assert chief.post(f"/users/{theirs}/enable").status_code == 409


def test_a_reset_ends_everything_and_shows_a_link_once(chief, service):
    clerk = service()
    theirs = signed_in.enter(clerk, "clerk")
    page = chief.post(f"/users/{theirs}/reset")
    assert link_in(page)
    assert (clerk.get("/").status_code, user(theirs).password) == (303, None)
    assert link_in(chief.get("/users")) is None


def test_sessions_codes_and_passkeys_of_a_user_are_ended_one_by_one(chief):
    theirs = signed_in.user("clerk")
    secret = signed_in.session_of(theirs)
    with unit_of_work() as session:
        known = session.get_one(User, theirs)
        known.totp_secret, known.totp_since = "A" * 32, known.made_at
        keys.add(session, actors.system(), known, "办公室电脑", NewKey("a", "b", 0))
    said = line(chief.get("/users"), "clerk")
    assert ("uses codes" in said, "1 passkey" in said, "signed in in 1 browser," in said) == (True, True, True)
    assert chief.post(f"/users/{theirs}/sessions/end").status_code == 303
    assert not goes_on(secret)
    assert (user(theirs).totp_since is not None, user(theirs).password is not None) == (True, True)
    assert chief.post(f"/users/{theirs}/codes/remove").status_code == 303
    assert user(theirs).totp_since is None
    assert "1 passkey" in line(chief.get("/users"), "clerk")
    assert chief.post(f"/users/{theirs}/passkeys/remove").status_code == 303
    with reading() as session:
        assert queries.passkeys_of(session, theirs) == []
    after = line(chief.get("/users"), "clerk")
    assert ("passkeys/remove" in after, "codes/remove" in after, "sessions/end" in after) == (False, False, False)


@pytest.mark.parametrize("deed", ["disable", "reset", "role"])
def test_an_administrator_cannot_shut_themselves_out(chief, deed):
    signed_in.user("deputy", AccessRole.ADMINISTRATOR)
    refused = chief.post(f"/users/{chief.id}/{deed}", data={"role": "office"})
    assert (refused.status_code, "This is you yourself." in refused.text) == (409, True)
    assert (user(chief.id).role, user(chief.id).disabled_at, link_in(refused)) == ("administrator", None, None)
    assert chief.get("/users").status_code == 200
    assert f"/users/{chief.id}/" not in line(chief.get("/users"), "chief")


def test_a_user_of_another_community_is_not_seen_and_not_touched(chief):
    elsewhere = signed_in.user("stranger", community_id=signed_in.community("另一个社区"))
    assert "stranger" not in chief.get("/users").text
    for deed in ("disable", "reset", "sessions/end", "codes/remove", "passkeys/remove"):
        refused = chief.post(f"/users/{elsewhere}/{deed}")
        assert (refused.status_code, "There is no such user." in refused.text) == (404, True)
    assert user(elsewhere).disabled_at is None


def test_a_page_of_another_site_changes_nobody(chief):
    theirs = signed_in.user("clerk")
    assert chief.post("/users", data={"name": "x"}, headers=FOREIGN).status_code == 403
    assert chief.post(f"/users/{theirs}/disable", headers=FOREIGN).status_code == 403
    assert user(theirs).disabled_at is None


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_cannot_be_undone_asks_once_more(chief, language):
    theirs = signed_in.user("clerk")
    page = chief.get(f"/users?language={language}")
    words = {"en": "This cannot be undone.", "zh-CN": "此操作不能撤销。"}[language]
    form = page.text.split(f'action="/users/{theirs}/reset"')
    assert (form[0].rstrip().rsplit("<details", 1)[1].count("<summary"), words in form[1].split("</form>")[0]) == (
        1,
        True,
    )

"""``zaoan user`` and ``zaoan token``: who may sign in, and which programs may use the API."""

import getpass

import pytest

from core.identity import api_tokens, invitations, passwords
from core.identity.models import User
from core.identity.roles import Scope
from core.running.events import Event
from core.storage.database import unit_of_work
from tests.offices import Office
from zaoan.process import wiring


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def accepted(office, link):
    """Whoever has the link chooses a password; returns the name with which they sign in."""
    from core.settings import Settings

    opened = wiring.visit(Settings())
    with unit_of_work() as session:
        name = invitations.accept(session, link.rsplit("/", 1)[1], passwords.hashed("清晨有人来敲门")).name
    opened.close()
    return name


def test_a_user_is_made_listed_disabled_and_let_in_again(office):
    made = office.json("user", "create", "wangfang", "--role", "管理员", "--shown", "王芳")
    assert made["link"].startswith("http://127.0.0.1:8000/invitation/")
    assert accepted(office, made["link"]) == "wangfang"
    office.zaoan("user", "create", "lilei")
    listed = office.json("user", "list")
    assert [(each["name"], each["role"], each["state"]) for each in listed] == [
        ("lilei", "office", "invited"), ("wangfang", "administrator", "active"),
    ]  # fmt: skip
    office.zaoan("user", "disable", "lilei")
    assert office.json("user", "list")[0]["state"] == "disabled"
    assert "/invitation/" in office.zaoan("user", "reset", "lilei")
    with office.open() as session:
        assert session.query(User).filter_by(name="lilei").one().disabled_at is None


def test_what_the_page_of_the_users_does_commands_do_too(office):
    accepted(office, office.json("user", "create", "chief", "--role", "administrator")["link"])
    accepted(office, office.json("user", "create", "lilei")["link"])
    assert "lilei 现在是审计员。" in office.zaoan("user", "role", "lilei", "审计员")
    assert "唯一的管理员" in office.zaoan("user", "role", "chief", "office", code=1)
    office.zaoan("user", "disable", "lilei")
    assert office.json("user", "enable", "lilei")["state"] == "active"
    assert "没有停用" in office.zaoan("user", "enable", "lilei", code=1)
    for word, kind in (("sign-out", "user.sessions_ended"), ("remove-codes", "user.codes_off"),
                       ("remove-passkeys", "user.passkeys_removed")):  # fmt: skip
        office.zaoan("user", word, "lilei")
        with office.open() as session:
            [done] = session.query(Event).filter_by(kind=kind)
            assert (done.actor_kind, done.actor_name) == ("user", getpass.getuser())
    assert [(each["name"], each["role"], each["passkeys"]) for each in office.json("user", "list")] == [
        ("chief", "administrator", 0), ("lilei", "auditor", 0)
    ]  # fmt: skip


def test_mistakes_name_the_way_out(office):
    office.zaoan("user", "create", "wangfang")
    assert "已经有用户 WangFang" in office.zaoan("user", "create", "WangFang", code=1)
    assert "没有用户 lilei" in office.zaoan("user", "disable", "lilei", code=1)
    assert "不能用作登录名" in office.zaoan("user", "create", "wang fang", code=1)
    assert "没有权限范围 everything" in office.zaoan("token", "create", "城市系统", "--scopes", "everything", code=2)


def test_the_only_administrator_stays(office):
    accepted(office, office.json("user", "create", "chief", "--role", "administrator")["link"])
    assert "唯一的管理员" in office.zaoan("user", "disable", "chief", code=1)


def test_a_token_is_shown_once_listed_and_revoked(office):
    made = office.json("token", "create", "城市系统", "--scopes", "residents:read, cases:write", "--days", "30")
    assert made["token"].startswith(api_tokens.PREFIX)
    assert made["scopes"] == ["cases:write", "residents:read"]
    assert made["token"] not in office.zaoan("token", "list", "--json")
    assert "已经有令牌" in office.zaoan("token", "create", "城市系统", "--scopes", "all", code=1)
    office.zaoan("token", "revoke", "城市系统")
    assert [each["state"] for each in office.json("token", "list")] == ["revoked"]
    assert "已经撤销" in office.zaoan("token", "revoke", "城市系统", code=1)
    assert office.json("token", "create", "城市系统", "--scopes", "all")["scopes"] == sorted(Scope)

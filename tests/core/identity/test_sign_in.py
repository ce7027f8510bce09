"""Who signs in, how often they may try, and what ends it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from core import actors, clock
from core.errors import ConflictError, UserError
from core.identity import invitations, passwords, queries, sessions, sign_in, throttling, totp, users
from core.identity.models import Deed, User, UserSession
from core.identity.roles import AccessRole
from core.identity.sign_in import Browser, SignInError
from core.storage.database import reading, unit_of_work, write
from tests import signed_in
from zaoan.process import wiring

HERE = Browser("192.0.2.7", "Firefox")
ELSEWHERE = Browser("198.51.100.1", "Firefox")


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield
    opened.close()


@pytest.fixture
def wang(house):
    return signed_in.user("王芳")


def later(monkeypatch, by):
    then = clock.real_now() + by
    monkeypatch.setattr(clock, "real_now", lambda: then)


def goes_on(secret):
    with reading() as session:
        return sessions.of_secret(session, secret) is not None


def test_whoever_knows_the_password_has_a_session(wang):
    secret = sign_in.sign_in(" 王芳 ", signed_in.PASSWORD, "", HERE)
    with reading() as session:
        known = sessions.of_secret(session, secret)
        assert (known.user_id, known.address, known.browser) == (wang, HERE.address, HERE.name)
        assert session.scalars(select(UserSession.secret)).one() != secret  # the database does not hold it


@pytest.mark.parametrize(("name", "password"), [("王芳", "清晨有人来敲们"), ("李雷", signed_in.PASSWORD), ("王芳", "")])
def test_whoever_does_not_is_not_told_what_was_wrong(wang, name, password):
    with pytest.raises(SignInError) as refused:
        sign_in.sign_in(name, password, "", HERE)
    assert str(refused.value) == "Name, password or code are wrong. Try again, or ask an administrator for a new link."


def test_a_password_is_the_same_however_it_is_composed(house):
    signed_in.user("jose", password="caf\u00e9 au lait le matin")
    assert sign_in.sign_in("JOSE", "cafe\u0301 au lait le matin", "", HERE)


def test_after_ten_attempts_not_even_the_right_password_is_looked_at(wang, monkeypatch):
    for _ in range(throttling.OF_ACCOUNT):
        with pytest.raises(SignInError):
            sign_in.sign_in("王芳", "wrong", "", HERE)
    with pytest.raises(throttling.TooManyAttemptsError):
        sign_in.sign_in("王芳", signed_in.PASSWORD, "", ELSEWHERE)
    later(monkeypatch, throttling.WITHIN + timedelta(seconds=1))
    assert sign_in.sign_in("王芳", signed_in.PASSWORD, "", HERE)


def test_one_address_may_not_try_one_account_after_the_other(wang, monkeypatch):
    monkeypatch.setattr(throttling, "FROM_ADDRESS", 3)
    for each in range(3):
        with pytest.raises(SignInError):
            sign_in.sign_in(f"nobody{each}", "wrong", "", HERE)
    with pytest.raises(throttling.TooManyAttemptsError):
        sign_in.sign_in("王芳", signed_in.PASSWORD, "", HERE)
    assert sign_in.sign_in("王芳", signed_in.PASSWORD, "", ELSEWHERE)


def test_guesses_at_the_same_moment_are_counted_one_after_the_other(wang, monkeypatch):
    monkeypatch.setattr(throttling, "OF_ACCOUNT", 3)

    def guess(number):
        try:
            sign_in.sign_in("王芳", f"wrong {number}", "", HERE)
        except UserError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(8) as at_once:
        said = list(at_once.map(guess, range(8)))
    assert (said.count(SignInError), said.count(throttling.TooManyAttemptsError)) == (3, 5)


def test_no_more_hashes_at_once_than_memory_is_meant_for(monkeypatch):
    at_work, most = [], []

    class Slow:
        def verify(self, password, kept):
            at_work.append(password)
            most.append(len(at_work))
            threads.submit(lambda: None).result()
            at_work.remove(password)
            return True

    monkeypatch.setattr(passwords, "hasher", Slow())
    with ThreadPoolExecutor(1) as threads, ThreadPoolExecutor(12) as callers:
        assert all(callers.map(lambda each: passwords.matches(str(each), "kept"), range(60)))
    assert max(most) <= passwords.AT_ONCE


def test_an_address_of_version_six_counts_as_the_network_of_one_home():
    assert throttling.origin_of("2001:db8:1:2:3:4:5:6") == throttling.origin_of("2001:db8:1:2::9")
    assert throttling.origin_of("2001:db8:1:2::9") != throttling.origin_of("2001:db8:1:3::9")


def test_a_session_ends_when_nobody_has_come_for_long_and_in_any_case_some_day(wang, monkeypatch):
    secret = signed_in.session_of(wang)
    later(monkeypatch, sessions.IDLE - timedelta(minutes=1))
    assert goes_on(secret)
    later(monkeypatch, timedelta(minutes=2))
    assert not goes_on(secret)


def test_a_session_that_is_used_every_day_ends_after_two_weeks(wang, monkeypatch):
    secret = signed_in.session_of(wang)
    for _ in range(28):
        later(monkeypatch, timedelta(hours=11))
        with unit_of_work() as session:
            sessions.note_seen(session, sessions.of_secret(session, secret).id)
    assert goes_on(secret)
    for _ in range(4):
        later(monkeypatch, timedelta(hours=11))
        with unit_of_work() as session:
            if known := sessions.of_secret(session, secret):
                sessions.note_seen(session, known.id)
    assert not goes_on(secret)


def test_whoever_is_disabled_is_out_at_once_and_may_not_come_back(wang):
    secret = signed_in.session_of(wang)
    with unit_of_work() as session:
        users.disable(session, actors.system(), session.get_one(User, wang))
    assert not goes_on(secret)
    with pytest.raises(SignInError):
        sign_in.sign_in("王芳", signed_in.PASSWORD, "", HERE)


def test_the_only_administrator_is_not_disabled(house):
    chief = signed_in.user("chief", AccessRole.ADMINISTRATOR)
    with unit_of_work() as session, pytest.raises(ConflictError):
        users.disable(session, actors.system(), session.get_one(User, chief))
    signed_in.user("deputy", AccessRole.ADMINISTRATOR)
    with unit_of_work() as session:
        users.disable(session, actors.system(), session.get_one(User, chief))


def test_of_two_administrators_who_disable_each_other_at_the_same_moment_one_stays(house):
    both = [signed_in.user(name, AccessRole.ADMINISTRATOR) for name in ("chief", "deputy")]

    def disabled(user_id):
        try:
            write(lambda session: users.disable(session, actors.system(), session.get_one(User, user_id)))
        except ConflictError:
            return "stays"
        return "disabled"

    with ThreadPoolExecutor(2) as at_once:
        assert sorted(at_once.map(disabled, both)) == ["disabled", "stays"]


def test_a_link_lets_one_choose_a_password_once(house):
    with unit_of_work() as session:
        _, link = users.create(session, actors.system(), wiring.the_community(session).id, "zhang", AccessRole.OFFICE)
    assert sign_in.accept(link, "一二三四五六七八九十", HERE)
    with pytest.raises(invitations.InvitationError):
        sign_in.accept(link, "另外一个很长的密码呀", HERE)
    assert sign_in.sign_in("zhang", "一二三四五六七八九十", "", HERE)


def test_a_later_link_ends_the_earlier_one_and_both_end_by_themselves(wang, monkeypatch):
    with unit_of_work() as session:
        first = users.reset(session, actors.system(), session.get_one(User, wang))
        second = users.reset(session, actors.system(), session.get_one(User, wang))
    with pytest.raises(invitations.InvitationError):
        sign_in.accept(first, "一二三四五六七八九十", HERE)
    later(monkeypatch, invitations.LASTS + timedelta(seconds=1))
    with pytest.raises(invitations.InvitationError):
        sign_in.accept(second, "一二三四五六七八九十", HERE)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 201, "wangfang2026", "           "])
def test_a_password_that_is_guessed_first_is_refused(password):
    with pytest.raises(UserError):
        passwords.check(password, "wangfang")


def test_a_reset_ends_password_codes_and_sessions(wang):
    secret = signed_in.session_of(wang)
    with unit_of_work() as session:
        totp.begin(session, session.get_one(User, wang))
        users.reset(session, actors.system(), session.get_one(User, wang))
    assert not goes_on(secret)
    with reading() as session:
        after = session.get_one(User, wang)
        assert (after.password, after.totp_secret) == (None, None)


def with_codes(user_id):
    """The user has turned codes on; returns their authenticator."""
    with unit_of_work() as session:
        known = session.get_one(User, user_id)
        made = pyotp.TOTP(totp.begin(session, known))
        before = clock.real_now() - timedelta(seconds=totp.STEP_SECONDS)
        totp.confirm(session, actors.system(), known, made.at(before))
    return made


def test_with_codes_the_password_alone_is_not_enough(wang):
    made = with_codes(wang)
    for code in ("", "000000" if made.now() != "000000" else "111111", "１２３４５６"):
        with pytest.raises(SignInError):
            sign_in.sign_in("王芳", signed_in.PASSWORD, code, HERE)
    assert sign_in.sign_in("王芳", signed_in.PASSWORD, made.at(clock.real_now()), HERE)


def test_a_code_is_good_once_also_for_two_at_the_same_moment(wang):
    made = with_codes(wang)
    code = made.at(clock.real_now())

    def enter(_):
        try:
            return sign_in.sign_in("王芳", signed_in.PASSWORD, code, HERE) and "in"
        except UserError:
            return "out"

    with ThreadPoolExecutor(4) as at_once:
        assert sorted(at_once.map(enter, range(4))) == ["in", "out", "out", "out"]


def test_a_code_of_another_minute_is_none(wang):
    made, now = pyotp.TOTP(pyotp.random_base32()), clock.real_now()
    step = int(now.timestamp()) // totp.STEP_SECONDS
    assert [totp.step_of(made.secret, made.at((step + each) * 30), now) for each in (-2, -1, 0, 1, 2)] == [
        None, step - 1, step, step + 1, None
    ]  # fmt: skip


def test_every_attempt_is_in_the_audit_log(wang):
    with pytest.raises(SignInError):
        sign_in.sign_in("王芳", "wrong", "", HERE)
    sign_in.sign_in("王芳", signed_in.PASSWORD, "", HERE)
    with reading() as session:
        community_id = session.get_one(User, wang).community_id
        found = queries.audited(session, community_id, None, 10)
    assert [(each.deed, each.actor_id, each.status, each.address) for each in found] == [
        (Deed.SIGNED_IN, wang, 200, HERE.address), (Deed.SIGN_IN_REFUSED, wang, 422, HERE.address)
    ]  # fmt: skip

"""Passkeys: what a device must answer to be believed, and everything else, which is refused."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from functools import cache
from uuid import UUID

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from core import actors, clock
from core.errors import ConflictError, NotFoundError, UserError
from core.identity import queries, sessions, sign_in, throttling, users
from core.identity.models import Deed, Passkey, PasskeyPurpose, User
from core.identity.passkeys import ceremonies, challenges, entering, keys, relying_party
from core.identity.passkeys.ceremonies import PasskeyError
from core.identity.roles import AccessRole
from core.identity.sign_in import Browser, SignInError
from core.storage.database import reading, unit_of_work, write
from tests import signed_in
from tests.authenticator import PRESENT, VERIFIED, Authenticator
from zaoan.process import wiring

HERE = Browser("192.0.2.7", "Firefox")
PARTY = relying_party.of_public_url("https://zaoan.example.org")
CHALLENGE = b"c" * 64
MINE, OTHERS = "what my browser has", "what another browser has"


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield
    opened.close()


@pytest.fixture
def wang(house):
    return signed_in.user("王芳")


@pytest.fixture
def device(wang):
    """A device of 王芳 whose passkey is known."""
    return added(wang)


def device_of(**told):
    return Authenticator(**{"origin": PARTY.origin, **told})


def asked_to_add(user_id, browser=MINE):
    with unit_of_work() as session:
        challenge = challenges.issue(session, PasskeyPurpose.ADD, browser, HERE.address)
        known = queries.passkeys_of(session, user_id)
        return ceremonies.registration_options(PARTY, session.get_one(User, user_id), known, challenge)


def add(user_id, answer, browser=MINE, name="办公室电脑"):
    challenge = write(lambda session: challenges.take(session, PasskeyPurpose.ADD, browser))
    made = ceremonies.registered(answer, challenge or b"", PARTY)
    with unit_of_work() as session:
        user = session.get_one(User, user_id)
        return keys.add(session, actors.system(), user, name, made).id


def added(user_id, **told):
    device = device_of(**told)
    add(user_id, device.make(asked_to_add(user_id)))
    return device


def asked(browser=MINE):
    challenge = write(lambda session: challenges.issue(session, PasskeyPurpose.SIGN_IN, browser, HERE.address))
    return ceremonies.authentication_options(PARTY, challenge)


def enter(answer, browser=MINE, party=PARTY):
    return entering.enter(answer, browser, party, HERE)


def is_refused(answer, **how):
    with pytest.raises(PasskeyError):
        enter(answer, **how)
    return True


def later(monkeypatch, by):
    then = clock.real_now() + by
    monkeypatch.setattr(clock, "real_now", lambda: then)


def log():
    """The audit log of the community, the latest first."""
    with reading() as session:
        community_id = wiring.the_community(session).id
        return [(each.deed, each.actor_id, each.status) for each in queries.audited(session, community_id, None, 20)]


def test_whoever_has_the_device_has_a_session(wang, device):
    secret = enter(device.show(asked()))
    with reading() as session:
        begun = sessions.of_secret(session, secret)
        [known] = queries.passkeys_of(session, wang)
        assert (begun.user_id, begun.address, begun.browser) == (wang, HERE.address, HERE.name)
        assert (known.name, known.sign_count, known.used_at is not None) == ("办公室电脑", 1, True)
    assert log()[0] == (Deed.SIGNED_IN_BY_PASSKEY, wang, 200)
    assert enter(device.show(asked()))


def test_no_code_is_asked_for_beside_a_passkey(wang, device):
    with unit_of_work() as session:
        session.get_one(User, wang).totp_secret = "A" * 32
        session.get_one(User, wang).totp_since = clock.real_now()
    with pytest.raises(SignInError):
        sign_in.sign_in("王芳", signed_in.PASSWORD, "", HERE)
    assert enter(device.show(asked()))


def test_the_browser_is_asked_to_make_sure_that_it_is_the_user(wang, device):
    made, shown = asked_to_add(wang), asked()
    assert made["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required"
    }  # fmt: skip
    assert (made["rp"]["id"], base64url_to_bytes(made["user"]["id"])) == ("zaoan.example.org", wang.bytes)
    assert [each["id"] for each in made["excludeCredentials"]] == [bytes_to_base64url(device.credential_id)]
    assert (shown["userVerification"], shown["allowCredentials"], shown["rpId"]) == ("required", [], PARTY.id)


@pytest.mark.parametrize(
    "told",
    [{"origin": "https://zaoan.example.org.evil.example"}, {"origin": "http://zaoan.example.org"},
     {"rp_id": "evil.example"}, {"flags": PRESENT}, {"flags": VERIFIED}, {"flags": 0}],
    ids=["another site", "without TLS", "another name", "nobody verified", "nobody present", "neither"],
)  # fmt: skip
def test_a_device_that_answers_otherwise_adds_nothing_and_signs_nobody_in(wang, device, told):
    with pytest.raises(PasskeyError):
        added(wang, **told)
    for name, value in told.items():
        setattr(device, name, value)
    assert is_refused(device.show(asked()))
    assert log()[0] == (Deed.SIGN_IN_REFUSED, wang, 422)


def test_an_answer_is_good_once(device):
    answer = device.show(asked())
    assert enter(answer)
    assert is_refused(answer)
    device.count -= 1  # as if it had never counted
    asked()
    assert is_refused(answer)


def test_an_answer_that_was_refused_cannot_be_tried_again(device):
    answer = device.show(asked())
    forged = {**answer, "response": {**answer["response"], "signature": "AAAA"}}
    assert is_refused(forged)
    assert is_refused(answer)


def test_of_two_who_show_the_same_answer_at_the_same_moment_one_is_let_in(device):
    device.counts = False
    with unit_of_work() as session:
        queries.passkey_with(session, bytes_to_base64url(device.credential_id)).sign_count = 0
    answer = device.show(asked())

    def tried(_):
        try:
            return enter(answer) and "in"
        except UserError:
            return "out"

    with ThreadPoolExecutor(4) as at_once:
        assert sorted(at_once.map(tried, range(4))) == ["in", "out", "out", "out"]


def test_after_five_minutes_the_question_is_over(wang, device, monkeypatch):
    answer, made = device.show(asked()), device_of().make(asked_to_add(wang))
    later(monkeypatch, challenges.LASTS + timedelta(seconds=1))
    assert is_refused(answer)
    with pytest.raises(PasskeyError):
        add(wang, made)


def test_only_the_browser_that_was_asked_can_answer(wang, device):
    answer = device.show(asked(OTHERS))
    assert is_refused(answer)
    assert enter(answer, OTHERS)
    made = device_of().make(asked_to_add(wang, OTHERS))
    with pytest.raises(PasskeyError):
        add(wang, made)


def test_what_was_asked_for_one_thing_is_no_answer_to_another(wang, device):
    made = asked_to_add(wang)
    assert is_refused(device.show({"challenge": made["challenge"], "rpId": PARTY.id}))
    shown = asked()
    with pytest.raises(PasskeyError):
        add(wang, device_of().make({**made, "challenge": shown["challenge"]}))


def test_a_later_question_ends_the_earlier_one(device):
    earlier = asked()
    asked()
    assert is_refused(device.show(earlier))


def test_nobody_signs_in_as_another_by_the_name_in_an_answer(wang, device):
    zhang = signed_in.user("张三")
    device.user_handle = zhang.bytes
    assert is_refused(device.show(asked()))
    device.user_handle = b""
    assert is_refused(device.show(asked()))


def test_another_device_that_says_to_be_this_one_is_refused(wang, device):
    forger = device_of(credential_id=device.credential_id, user_handle=wang.bytes, count=10)
    assert is_refused(forger.show(asked()))


def test_a_device_that_nobody_knows_is_refused_and_noted(house):
    assert is_refused(device_of(user_handle=b"nobody").show(asked()))


def test_a_removed_passkey_signs_nobody_in(wang, device):
    with unit_of_work() as session:
        [known] = queries.passkeys_of(session, wang)
        keys.remove(session, actors.system(), known.user, known.id)
    assert is_refused(device.show(asked()))


def test_nobody_removes_the_passkey_of_another(wang, device):
    zhang = signed_in.user("张三")
    with unit_of_work() as session:
        [known] = queries.passkeys_of(session, wang)
        with pytest.raises(NotFoundError):
            keys.remove(session, actors.system(), session.get_one(User, zhang), known.id)
    assert enter(device.show(asked()))


@pytest.mark.parametrize("ends", [users.disable, users.reset, users.remove_passkeys])
def test_whoever_is_disabled_or_begins_anew_is_not_let_in_by_a_passkey(wang, device, ends):
    answer = device.show(asked())
    with unit_of_work() as session:
        ends(session, actors.system(), session.get_one(User, wang))
    assert is_refused(answer)
    assert is_refused(device.show(asked()))


def test_whoever_is_enabled_again_has_their_passkeys_and_whoever_was_reset_has_none(wang, device):
    with unit_of_work() as session:
        user = session.get_one(User, wang)
        users.disable(session, actors.system(), user)
        users.enable(session, actors.system(), user)
    assert enter(device.show(asked()))
    with unit_of_work() as session:
        users.reset(session, actors.system(), session.get_one(User, wang))
        assert queries.passkeys_of(session, wang) == []


def test_a_counter_that_goes_back_is_refused_and_told(wang, device):
    enter(device.show(asked()))
    for count in (-1, 0):  # a copy made before; the same count once more
        device.count = count
        assert is_refused(device.show(asked()))
        assert (Deed.PASSKEY_COUNTED_BACK, wang, 422) in log()[:2]
    with reading() as session:
        assert queries.passkeys_of(session, wang)[0].sign_count == 1
    device.count = 1
    assert enter(device.show(asked()))


def test_a_device_that_does_not_count_is_believed(wang):
    device = added(wang, counts=False)
    assert enter(device.show(asked()))
    assert enter(device.show(asked()))


def test_a_device_is_added_once_whoever_adds_it(wang, device):
    zhang = signed_in.user("张三")
    for user_id in (wang, zhang):
        with pytest.raises(ConflictError):
            add(user_id, device.make(asked_to_add(user_id)))


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\u202eb"])
def test_a_passkey_has_a_name(wang, name):
    with pytest.raises(UserError, match="has a name"):
        add(wang, device_of().make(asked_to_add(wang)), name=name)


def test_nobody_has_more_than_twenty(wang, monkeypatch):
    monkeypatch.setattr(keys, "MOST", 1)
    added(wang)
    with pytest.raises(ConflictError, match="You have 1"):
        added(wang)


def test_ten_wrong_answers_of_a_device_are_enough(device, monkeypatch):
    device.flags = PRESENT
    for _ in range(throttling.OF_ACCOUNT):
        assert is_refused(device.show(asked()))
    device.flags |= VERIFIED
    with pytest.raises(throttling.TooManyAttemptsError):
        enter(device.show(asked()))
    later(monkeypatch, throttling.WITHIN + timedelta(seconds=1))
    assert enter(device.show(asked()))


def test_whoever_guesses_at_the_password_does_not_keep_the_passkey_out(device):
    for _ in range(throttling.OF_ACCOUNT):
        with pytest.raises(SignInError):
            sign_in.sign_in("王芳", "wrong", "", Browser("198.51.100.1", ""))
    assert enter(device.show(asked()))


def test_an_address_cannot_fill_the_database_with_questions(house, monkeypatch):
    monkeypatch.setattr(throttling, "FROM_ADDRESS", 3)
    for each in range(3):
        asked(f"browser {each}")
    with pytest.raises(throttling.TooManyAttemptsError):
        asked("one more")
    asked("browser 0")  # replaces its own
    later(monkeypatch, challenges.LASTS + timedelta(seconds=1))
    asked("one more")


def test_only_what_the_device_itself_says_of_its_model_is_read(wang):
    device = device_of()
    answer = device.make(asked_to_add(wang))
    statement = cbor2.loads(base64url_to_bytes(answer["response"]["attestationObject"]))
    for fmt, more in (("tpm", {}), ("packed", {"x5c": [b"a"], "sig": b"a", "alg": -7}), (["none"], {})):
        told = {**statement, "fmt": fmt, "attStmt": more}
        answer["response"]["attestationObject"] = bytes_to_base64url(cbor2.dumps(told))
        with pytest.raises(PasskeyError):
            ceremonies.registered(answer, b"", PARTY)


@cache
def valid_answers():
    """What a device answers to a question of ours, once added and once shown; and what is kept of it."""
    device, challenge = device_of(), bytes_to_base64url(CHALLENGE)
    user = {"id": bytes_to_base64url(b"u" * 16)}
    made = device.make({"rp": {"id": PARTY.id}, "user": user, "challenge": challenge})
    shown = device.show({"rpId": PARTY.id, "challenge": challenge})
    key = ceremonies.registered(made, CHALLENGE, PARTY)
    known = Passkey(user_id=UUID(bytes=b"u" * 16), credential_id=key.credential_id, public_key=key.public_key)
    assert ceremonies.shown(shown, CHALLENGE, PARTY, known) == 1
    return made, shown, known


@settings(max_examples=300)
@given(st.booleans(), st.integers(0, 3), st.integers(0, 10_000), st.integers(1, 255), st.binary(max_size=200),
       st.sampled_from(["another byte", "other bytes", "=", "中", "", None, 7]))  # fmt: skip
def test_whatever_is_not_signed_as_it_stands_is_refused_as_such(is_shown, which, at, changed, other, how):
    made, shown, known = deepcopy(valid_answers()[0]), deepcopy(valid_answers()[1]), valid_answers()[2]
    response = (shown if is_shown else made)["response"]
    name = sorted(response)[which % len(response)]
    piece = bytearray(base64url_to_bytes(response[name]))
    piece[at % len(piece)] ^= changed
    response[name] = {"another byte": bytes_to_base64url(bytes(piece)), "other bytes": bytes_to_base64url(other)}.get(
        how, how
    )
    if is_shown:
        with pytest.raises(PasskeyError):
            ceremonies.shown(shown, CHALLENGE, PARTY, known)
    else:  # nothing is signed yet: other bytes of a key are another key
        with suppress(PasskeyError):
            ceremonies.registered(made, CHALLENGE, PARTY)


def test_an_auditor_may_have_a_passkey_too(house):
    device = added(signed_in.user("auditor", AccessRole.AUDITOR))
    assert enter(device.show(asked()))

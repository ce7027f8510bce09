"""The doctor names what is wrong and how to mend it; it never changes anything and says no secret."""

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select, text

from contacts.models import Resident, Role
from core import actors
from core.i18n import Language
from core.settings import FirstVoice, Settings
from core.storage import database
from ivr.prompts import own_voices
from ivr.provider.twilio.account import Hook, OwnNumber
from tests.audio.recordings import murmur, upload
from tests.processes import command
from zaoan.checks import examining
from zaoan.checks.address import examine_address, judge_form
from zaoan.checks.examining import Check, examine
from zaoan.checks.machine.clock import judge_difference, judge_ticks
from zaoan.checks.machine.database import examine_database
from zaoan.checks.observation import State, is_well, ok
from zaoan.checks.people import examine_people, judge_helpers
from zaoan.checks.settings import read_settings
from zaoan.checks.telephony.provider import judge_number
from zaoan.checks.voice import examine_voice
from zaoan.process import wiring
from zaoan.rehearsal.running import environment
from zaoan.web.health import proof
from zaoan.worker.transport import EVERY_TICK

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
PUBLIC = "https://zaoan.example.org"
INBOUND = f"{PUBLIC}/telephony/inbound"
TWILIO = {"telephony": "twilio", "twilio_account_sid": "AC1", "twilio_auth_token": "token", "twilio_number": "+1555"}


def said(observations):
    return " ".join(f"{each.describe(Language.ENGLISH)} {each.way_out(Language.ENGLISH)}" for each in observations)


def number(**changes):
    right = {
        "number": "+15551234567",
        "can_call": True,
        "can_text": True,
        "voice": Hook(f"{INBOUND}/voice", "POST"),
        "status": Hook(f"{INBOUND}/status", "POST"),
        "text": Hook(f"{INBOUND}/text", "POST"),
        "voice_elsewhere": False,
        "texts_elsewhere": False,
    }
    return OwnNumber(**(right | changes))


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No setting of ours in the environment, and a working directory of its own."""
    for name in [each for each in os.environ if each.startswith("ZAOAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield opened
    opened.close()


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(bare):
    (bare / "zaoan.toml").write_text('timezon = "Asia/Shanghai"\n')
    _, observations = read_settings({"ZAOAN_PUBLIC_ULR": "x", "ZAOAN_ZZZZZZ": "x", "ZAOAN_PORT": "8000", "HOME": "/"})
    assert [each.state for each in observations] == [State.WRONG] * 3
    assert "ZAOAN_PUBLIC_ULR. Was ZAOAN_PUBLIC_URL meant?" in said(observations)
    assert "zaoan.toml: timezon. Was timezone meant?" in said(observations)
    assert "ZAOAN_ZZZZZZ. Remove it" in said(observations)


def test_settings_that_are_refused_are_named_without_their_values(bare, monkeypatch):
    monkeypatch.setenv("ZAOAN_PORT", "hunter2")
    chosen, observations = read_settings(os.environ)
    assert chosen is None
    assert "ZAOAN_PORT" in said(observations)
    assert "hunter2" not in said(observations)


def test_a_file_of_settings_that_cannot_be_read_is_named(bare):
    (bare / "zaoan.toml").write_text("port 8000")
    chosen, observations = read_settings({})
    assert chosen is None
    assert "zaoan.toml cannot be read" in said(observations)


@pytest.mark.parametrize(
    ("ages", "state"),
    [
        (dict.fromkeys(EVERY_TICK, 9), State.OK),
        (dict.fromkeys(EVERY_TICK, 9) | {EVERY_TICK[2]: 11}, State.WRONG),
        (dict.fromkeys(EVERY_TICK[1:], 1), State.WRONG),
    ],
)
def test_a_tick_that_stands_still_or_never_came_is_wrong(ages, state):
    known = {name: NOW - timedelta(seconds=age) for name, age in ages.items()}
    assert judge_ticks(known, NOW).state is state


@pytest.mark.parametrize(("seconds", "found"), [(0, 0), (5, 0), (-5, 0), (6, 1), (-6, 1)])
def test_clocks_more_than_five_seconds_apart_are_a_warning(seconds, found):
    observations = judge_difference("the provider", timedelta(seconds=seconds))
    assert [each.state for each in observations] == [State.WARNING] * found


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({"public_url": "http://127.0.0.1:8000"}, True),
        ({**TWILIO, "public_url": PUBLIC}, True),
        ({**TWILIO, "public_url": f"{PUBLIC}/zaoan/"}, True),
        ({**TWILIO, "public_url": "http://zaoan.example.org"}, False),
        ({**TWILIO, "public_url": "https://192.168.1.5"}, False),
        ({**TWILIO, "public_url": "https://localhost"}, False),
        ({**TWILIO, "public_url": "http://127.0.0.1:1", "twilio_api_url": "http://127.0.0.1:2"}, True),
    ],
)
def test_only_an_encrypted_address_on_the_internet_is_right_for_twilio(changes, right):
    assert is_well(judge_form(Settings(**changes))) is right


@pytest.mark.parametrize(
    ("changes", "states", "mend"),
    [
        ({}, [State.OK], ""),
        ({"voice": Hook(f"{INBOUND}/voice#rc=3", "post")}, [State.OK], ""),
        ({"voice": Hook(f"{INBOUND}/voice", "GET")}, [State.WRONG], f"Set its voice webhook there to {INBOUND}/voice"),
        ({"voice": Hook("", "POST")}, [State.WRONG], f"{INBOUND}/voice (POST)"),
        ({"voice_elsewhere": True}, [State.WRONG], "Remove its application or trunk"),
        ({"status": Hook("https://demo.twilio.com", "POST")}, [State.WARNING], f"{INBOUND}/status"),
        ({"text": Hook("https://demo.twilio.com", "POST")}, [State.WARNING], f"{INBOUND}/text"),
        ({"texts_elsewhere": True}, [State.WARNING], f"{INBOUND}/text"),
        ({"can_call": False}, [State.WRONG], "voice"),
        ({"can_text": False, "text": Hook("", "POST")}, [State.WARNING], "SMS"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_with_the_value_to_set(changes, states, mend):
    observations = list(judge_number(number(**changes), f"{PUBLIC}/"))
    assert [each.state for each in observations] == states
    assert mend in said(observations)


@pytest.mark.parametrize(
    ("helpers", "state"),
    [
        ([], State.WRONG),
        ([(Role.VOLUNTEER, True), (Role.OFFICE, False)], State.WRONG),
        ([(Role.OFFICE, True)], State.OK),
    ],
)
def test_without_an_office_for_everybody_an_alert_could_have_nobody_to_ring(helpers, state):
    assert judge_helpers(helpers).state is state


def test_a_database_that_is_not_there_is_not_made(bare):
    observations = examine_database(Settings(database_url=f"sqlite:///{bare}/zaoan.db", data_dir=bare))
    assert not is_well(observations)
    assert "no database" in said(observations)
    assert list(bare.iterdir()) == []


def test_a_database_of_a_newer_version_is_wrong(house, house_settings):
    assert is_well(examine_database(house_settings))
    with database.unit_of_work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer version" in said(examine_database(house_settings))


def test_a_database_that_cannot_be_written_is_wrong(house_settings, postgresql):
    chosen = house_settings.model_copy(update={"database_url": postgresql()})
    opened = wiring.open_house(chosen)
    assert is_well(examine_database(chosen))
    with opened.unit_of_work() as session:
        name = session.scalar(text("SELECT current_database()"))
        session.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    assert "read-only" in said(examine_database(chosen))
    opened.close()


def test_without_a_database_the_other_checks_still_speak(house_settings):
    chosen = house_settings.model_copy(update={"database_url": "postgresql+psycopg://127.0.0.1:1/none"})
    assert [each.state for each in examine_people(chosen)] == [State.WARNING]
    assert not is_well(examine_database(chosen))


def test_the_voice_is_heard_in_every_language(house_settings):
    who, *spoken = examine_voice(house_settings.model_copy(update={"voice": FirstVoice.PYTTSX3}))
    assert "ZAOAN_VOICE=pyttsx3" in who.said
    assert [each.state for each in spoken] == [State.OK] * len(Language)


def test_a_neural_voice_that_is_not_installed_or_cannot_be_loaded_is_told_with_the_way_out(house_settings, monkeypatch):
    monkeypatch.setattr("audio.engines.neural.voice_files.is_installed", lambda: False)
    who, *spoken = examine_voice(house_settings.model_copy(update={"voice": FirstVoice.OWN}))
    assert (who.state, {each.state for each in spoken}) == (State.WARNING, {State.OK})
    assert "make demo" in who.mend
    broken = house_settings.data_dir / "broken.onnx"
    broken.write_bytes(b"no model")
    observations = examine_voice(house_settings.model_copy(update={"voice": FirstVoice.NEURAL, "voice_model": broken}))
    assert [each.state for each in observations] == [State.OK, State.WRONG, State.WRONG, State.OK, State.OK]
    assert "ZAOAN_VOICE=pyttsx3" in observations[1].mend


def test_a_check_that_hangs_or_breaks_hides_nothing_of_the_others(house_settings, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    hanging = threading.Event()
    checks = (
        Check("hangs", lambda _: [ok("hangs", str(hanging.wait()))], 0.2),
        Check("breaks", lambda _: [][0]),
        Check("works", lambda _: [ok("works", "fine")]),
    )
    observations = examine(house_settings, checks)
    hanging.set()
    assert [(each.check, each.state) for each in observations] == [
        ("hangs", State.WRONG), ("breaks", State.WRONG), ("works", State.OK),
    ]  # fmt: skip


class Impostor(BaseHTTPRequestHandler):
    """A server at our public address that is not quite us: ``proves`` its key, and answers POSTs as it likes."""

    secret, found, status, location = "", 200, 404, ""

    def do_GET(self):
        nonce = self.path.partition("nonce=")[2]
        self.answer(self.found, json.dumps({"proof": proof(self.secret, nonce)}))

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(self.status, "")

    def answer(self, status, body):
        self.send_response(status)
        if self.location and status // 100 == 3:
            self.send_header("Location", self.location + self.path)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def impostor():
    server = HTTPServer(("127.0.0.1", 0), type("Server", (Impostor,), {}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": "another"}, "leads to another server"),
        ({"secret": "", "found": 421}, "the proxy asks for another name than ours"),
        (
            {"status": 301, "location": "https://zaoan.example.org"},
            "to the address it leads to (https://zaoan.example.org)",
        ),
        ({"status": 405}, "is answered with 405 instead of 403"),
        ({"status": 403}, "another auth token"),
    ],
)
def test_an_address_that_does_not_lead_to_us_whole_is_wrong(impostor, house_settings, changes, expected):
    ours, theirs = (f"http://127.0.0.1:{impostor.server_port}", impostor.RequestHandlerClass)
    chosen = house_settings.model_copy(update={"public_url": ours, "port": 1})
    if "secret" in changes:
        with HTTPServer(("127.0.0.1", 0), type("Real", (Impostor,), {"secret": chosen.secret()})) as real:
            threading.Thread(target=real.serve_forever, daemon=True).start()
            theirs.secret, theirs.found = changes["secret"], changes.get("found", 200)
            assert expected in said(examine_address(chosen.model_copy(update={"port": real.server_port})))
            real.shutdown()
        return
    theirs.secret = chosen.secret()
    for name, value in changes.items():
        setattr(theirs, name, value)
    assert expected in said(examine_address(chosen))


def test_a_service_that_is_not_running_is_told_how_to_start(house_settings):
    house_settings.secret()
    chosen = house_settings.model_copy(update={"public_url": "http://127.0.0.1:1", "port": 1})
    assert "zaoan up" in said(examine_address(chosen))


def test_no_secret_is_ever_said(tmp_path):
    chosen = Settings(data_dir=tmp_path, language="en", **TWILIO, public_url="http://127.0.0.1:1", port=1,
                      twilio_api_url="http://user:passw0rd@127.0.0.1:1",
                      database_url="postgresql+psycopg://zaoan:passw0rd@127.0.0.1:1/z?connect_timeout=1",
                      broker_url="redis://:passw0rd@127.0.0.1:1/0")  # fmt: skip
    secrets = {
        "ZAOAN_TWILIO_AUTH_TOKEN": "t0pSecretToken",
        "ZAOAN_SECRET_KEY": "k3ySecret",
        "ZAOAN_TWILIO_NUMBER": "+1555",
    }
    done = command("doctor", "--json", environment=environment(chosen) | secrets)
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (1, False)
    assert {each["check"] for each in report["checks"]} == {each.name for each in examining.CHECKS}
    assert set(report["checks"][0]) == {"check", "state", "said", "mend"}
    for secret in ("passw0rd", "t0pSecretToken", "k3ySecret"):
        assert secret not in done.stdout + done.stderr


def test_every_word_of_the_doctor_is_in_chinese_too(house_settings, bare):
    for each in [*read_settings({"ZAOAN_PUBLIC_ULR": ""})[1], *examine(house_settings)]:
        for text_ in filter(None, (each.said, each.mend)):
            assert each.describe(Language.CHINESE) != each.describe(Language.ENGLISH), text_


def test_whom_the_voice_cannot_name_is_listed_with_the_way_out_but_never_the_way_in(street):
    street.resident("王奶奶", "+8613800000001")
    with database.unit_of_work() as session:
        resident = session.scalars(select(Resident)).one()
        resident.called, resident.name = "㐂㐂", "王𠮷"
        resident.household.access_notes = "门禁码1234，㐂㐂在家"
    observations = examine_people(street.chosen)
    assert "王𠮷 (㐂𠮷)" in said(observations)
    assert "zaoan prompt record" in said(observations)
    assert "1234" not in said(observations)
    assert State.WARNING in {each.state for each in observations}


def test_a_recorded_name_is_no_longer_complained_about(street):
    street.resident("㐂㐂", "+8613800000001")
    assert "㐂㐂 (㐂)" in said(examine_people(street.chosen))
    with database.unit_of_work() as session:
        sound = own_voices.prepared(upload(murmur()))
        own_voices.keep(
            session, actors.system(), sound, key="check_in.greeting", language=Language.CHINESE, said="㐂㐂"
        )
    assert "㐂" not in said(examine_people(street.chosen))

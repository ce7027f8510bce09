import pytest
from pydantic import ValidationError

from core.settings import Settings

TWILIO = {"telephony": "twilio", "twilio_account_sid": "AC1", "twilio_auth_token": "t", "twilio_number": "+15550001111"}

SIP = {"telephony": "sip", "sip_proxy": "192.0.2.9", "sip_caller": "+8631186009001"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"environment": "production"}, "only simulates"),
        ({"environment": "production", **TWILIO, "clock_speed": 2}, "real time"),
        ({"environment": "production", **TWILIO}, "ZAOAN_SECRET_KEY"),
        ({"telephony": "twilio"}, "ZAOAN_TWILIO_ACCOUNT_SID"),
        ({**TWILIO, "clock_speed": 2}, "real people"),
        ({**TWILIO, "clock_start": "2026-11-23T08:00:00+08:00"}, "real people"),
        ({"telephony": "sip"}, "ZAOAN_SIP_PROXY, ZAOAN_SIP_CALLER"),
        ({**SIP, "clock_speed": 2}, "real people"),
        ({**SIP, "voice": "provider"}, "no voice of its own"),
        ({**SIP, "speech": True}, "recognises no words"),
        ({**SIP, "sip_caller": "86009001"}, "'86009001' is no number"),
        ({**SIP, "sip_listen": "5060"}, "an address and a port"),
        ({**SIP, "sip_rtp_ports": "11000-10000"}, "the first and the last port"),
        ({**SIP, "sip_codecs": "opus"}, "PCMA, PCMU or both"),
        ({**SIP, "sip_trusted": "192.0.2.0/24,everybody"}, "'everybody' is no network"),
        ({**SIP, "sip_proxy": "192.0.2.9, 192.0.2.9"}, "named twice"),
        ({**SIP, "sip_trunk": "[[sip_trunk]]"}, "list of tables"),
        ({**SIP, "sip_trunk": [{"caller": "+8631186009001"}]}, "proxy"),
        ({**SIP, "sip_rtp_ports": "10000-10063", "line_calls_at_once": 9}, "enough for 8 calls.*10000-10071"),
        ({"clock_start": "2026-11-23T08:00:00"}, "with its offset"),
        ({"timezone": "Mars/Olympus"}, "no time zone"),
    ],
)
def test_what_would_simulate_for_real_people_is_refused(wrong, said):
    with pytest.raises(ValidationError, match=said):
        Settings(**wrong)


def test_a_provider_that_only_speaks_twilio_may_run_on_any_clock():
    assert Settings(**TWILIO, twilio_api_url="http://127.0.0.1:9", clock_speed=60).clock_speed == 60


def test_a_telephone_line_may_run_on_any_clock_as_long_as_nothing_leaves_this_machine():
    ours = Settings(**SIP | {"sip_proxy": "127.0.0.1:5070"}, clock_speed=60, sip_codecs="PCMU, PCMA")
    assert (ours.rings_real_people, ours.sip_codecs) == (False, ("pcmu", "pcma"))
    assert Settings(**SIP).rings_real_people


def test_several_trunks_have_what_they_do_not_say_from_the_first(monkeypatch):
    monkeypatch.setenv("ZAOAN_SIP_PROXY", "192.0.2.9, 192.0.2.10:5070")
    further = {"proxy": "sip.example", "caller": "+8631186009777", "user": "us", "password": "secret",
               "transport": "tls", "calls_at_once": 2}  # fmt: skip
    ours = Settings(telephony="sip", sip_caller="+8631186009001", sip_password="first", sip_trunk=[further])
    shown = [(each.proxy, each.caller, each.user, each.password.get_secret_value(), each.transport, each.calls_at_once)
             for each in ours.sip_trunks]  # fmt: skip
    assert shown == [
        ("192.0.2.9", ("+8631186009001",), "", "first", "udp", 0),
        ("192.0.2.10:5070", ("+8631186009001",), "", "first", "udp", 0),
        ("sip.example", ("+8631186009777",), "us", "secret", "tls", 2),
    ]
    monkeypatch.setenv("ZAOAN_SIP_TRUNK", ours.model_dump(mode="json")["sip_trunk"])
    again = Settings(telephony="sip", sip_caller="+8631186009001")
    assert [each.proxy for each in again.sip_trunks] == [each.proxy for each in ours.sip_trunks]
    assert "secret" not in ours.model_dump(mode="json")["sip_trunk"]


def test_several_numbers_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("ZAOAN_TWILIO_NUMBER", "+15550001111, +15550002222")
    assert Settings().twilio_number == ("+15550001111", "+15550002222")


def test_the_secret_is_made_once_and_kept_for_nobody_else_to_read(tmp_path):
    secret = Settings(data_dir=tmp_path).secret()
    assert Settings(data_dir=tmp_path).secret() == secret
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory with a file of settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zaoan.toml").write_text('port = 8001\ncommunity = " 槐东社区 "\narea_code = "0311"\n', "utf-8")
    return tmp_path


def test_what_the_program_passes_outranks_the_environment_which_outranks_the_file(here, monkeypatch):
    monkeypatch.setenv("ZAOAN_PORT", "8002")
    monkeypatch.setenv("zaoan_area_code", " 021\r")
    chosen = Settings(host="127.0.0.2")
    assert (chosen.host, chosen.port, chosen.area_code, chosen.community) == ("127.0.0.2", 8002, "021", "槐东社区")
    assert Settings(port=8003).port == 8003


def test_an_empty_variable_says_nothing(here, monkeypatch):
    monkeypatch.setenv("ZAOAN_PORT", "")
    assert Settings().port == 8001


def test_a_word_that_is_no_setting_is_refused_in_the_file(here):
    (here / "zaoan.toml").write_text("prot = 8001\n", "utf-8")
    with pytest.raises(ValidationError, match="prot"):
        Settings()

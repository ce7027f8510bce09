import pytest
from pydantic import ValidationError

from core.settings import Settings

TWILIO = {"telephony": "twilio", "twilio_account_sid": "AC1", "twilio_auth_token": "t", "twilio_number": "+15550001111"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"environment": "production"}, "only simulates"),
        ({"environment": "production", **TWILIO, "clock_speed": 2}, "real time"),
        ({"environment": "production", **TWILIO}, "ZAOAN_SECRET_KEY"),
        ({"telephony": "twilio"}, "ZAOAN_TWILIO_ACCOUNT_SID"),
        ({**TWILIO, "clock_speed": 2}, "real people"),
        ({**TWILIO, "clock_start": "2026-11-23T08:00:00+08:00"}, "real people"),
        ({"clock_start": "2026-11-23T08:00:00"}, "with its offset"),
        ({"timezone": "Mars/Olympus"}, "no time zone"),
    ],
)
def test_what_would_simulate_for_real_people_is_refused(wrong, said):
    with pytest.raises(ValidationError, match=said):
        Settings(**wrong)


def test_a_provider_that_only_speaks_twilio_may_run_on_any_clock():
    assert Settings(**TWILIO, twilio_api_url="http://127.0.0.1:9", clock_speed=60).clock_speed == 60


def test_several_numbers_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("ZAOAN_TWILIO_NUMBER", "+15550001111, +15550002222")
    assert Settings().twilio_number == ("+15550001111", "+15550002222")


def test_the_secret_is_made_once_and_kept_for_nobody_else_to_read(tmp_path):
    secret = Settings(data_dir=tmp_path).secret()
    assert Settings(data_dir=tmp_path).secret() == secret
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600

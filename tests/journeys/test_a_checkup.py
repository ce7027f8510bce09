"""The doctor beside a service that really runs, and what it says when something is broken."""

import json

import requests

from core.i18n import Language
from core.running import ticks
from core.storage.database import reading
from tests.journeys.neighbourhood import settings_in
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import command
from zaoan.checks.address import examine_address
from zaoan.checks.observation import State, is_well
from zaoan.checks.telephony.provider import examine_provider
from zaoan.process import wiring
from zaoan.rehearsal.running import environment
from zaoan.worker.transport import EVERY_TICK


def twilio(around, **changes):
    """The settings of somebody whose provider is the exchange, reached as any server that speaks Twilio's API."""
    chosen = around.service.settings
    account = wiring.account_of(chosen)
    given = {
        "telephony": "twilio",
        "twilio_account_sid": account.sid,
        "twilio_auth_token": account.token,
        "twilio_number": account.numbers,
        "twilio_api_url": chosen.exchange_url,
        "exchange_url": chosen.exchange_url,
        "port": chosen.port,
        "public_url": chosen.public_url,
        "data_dir": chosen.data_dir,
    }
    return settings_in(around.directory, **(given | changes))


def said(observations):
    return " ".join(f"{each.describe(Language.ENGLISH)} {each.way_out(Language.ENGLISH)}" for each in observations)


def has_ticked():
    with reading() as session:
        return set(ticks.last(session)) >= set(EVERY_TICK)


def test_beside_a_running_service_all_that_it_depends_on_is_well_and_nothing_changes(around):
    around.come_back()
    wait_for(has_ticked, "the first ticks")
    before = around.service.exchange_log.read_text()
    done = command("doctor", "--json", environment=environment(around.service.settings))
    report = json.loads(done.stdout)
    wrong = [each for each in report["checks"] if each["state"] != "ok" and each["check"] != "people"]
    assert wrong == []
    assert "nobody is really called" in done.stdout or "不会真的" in done.stdout
    assert around.service.exchange_log.read_text().startswith(before)
    assert requests.get(f"{around.service.page}/readyz", timeout=PATIENCE_SECONDS).ok


def test_an_account_and_its_numbers_are_checked_at_the_provider(around):
    observations = examine_provider(twilio(around))
    assert is_well(observations), said(observations)
    assert "The account is active" in said(observations)


def test_a_wrong_token_is_told_apart_from_a_wrong_number_and_a_wrong_address(around):
    wrong_token = twilio(around, twilio_auth_token="wrong")
    assert "ZAOAN_TWILIO_AUTH_TOKEN anew" in said(examine_provider(wrong_token))
    assert "another auth token" in said(examine_address(wrong_token))
    wrong_number = twilio(around, twilio_number="+15550001111")
    assert "+15550001111 is not a number of this account" in said(examine_provider(wrong_number))
    elsewhere = examine_provider(twilio(around, public_url="https://zaoan.example.org"))
    assert [each.state for each in elsewhere].count(State.WRONG) == 1
    assert "https://zaoan.example.org/telephony/inbound/voice (POST)" in said(elsewhere)
    nobody = twilio(around, twilio_api_url="http://127.0.0.1:1")
    assert "does not answer" in said(examine_provider(nobody))

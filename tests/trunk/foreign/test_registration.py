"""A telephone company that wants us to register, and to prove for each call who we are."""

import pytest

from tests.patience import wait_for
from tests.trunk.foreign.registrar import Registrar
from tests.trunk.ports import free_address
from tests.trunk.running import OURS, Trunk, number

USER, PASSWORD = "zaoan-31186009001", "a pass phrase"
ACCOUNT = ("--user", USER, "--register-seconds", "600")


@pytest.fixture
def company():
    opened = Registrar(free_address(), USER, PASSWORD)
    yield opened
    opened.close()


def is_registered(trunk):
    return trunk.ask("GET", "/healthz").json()["peers"][0]["registered"]


def test_we_register_with_a_password_and_say_goodbye(service, company, tmp_path):
    trunk = Trunk(service, tmp_path, company, *ACCOUNT, environment={"TRUNK_PASSWORD": PASSWORD})
    wait_for(lambda: is_registered(trunk), "the registration")
    assert set(company.registered) == {600}
    trunk.close()
    assert company.registered[-1] == 0
    assert company.refused == 0


def test_a_call_proves_who_we_are_and_shows_our_number(service, company, tmp_path):
    trunk = Trunk(service, tmp_path, company, *ACCOUNT, environment={"TRUNK_PASSWORD": PASSWORD})
    wait_for(lambda: is_registered(trunk), "the registration")
    to = number()
    assert trunk.outcome(trunk.call(to)) == "busy"
    [call] = company.called
    assert call.target.startswith(f"sip:{to}@{company.address}")
    assert f"sip:{USER}@" in call.header("From")
    assert f"sip:{OURS}@" in call.header("P-Asserted-Identity")
    trunk.close()


def test_a_wrong_password_rings_nobody_until_an_operator_mends_it(service, company, tmp_path):
    trunk = Trunk(service, tmp_path, company, *ACCOUNT, environment={"TRUNK_PASSWORD": "another"})
    wait_for(lambda: company.refused, "the refusal")
    refused = trunk.ask("PUT", "/calls/1", json=trunk.order(number()))
    assert (refused.status_code, is_registered(trunk)) == (403, False)
    assert company.called == []
    trunk.close()


def test_a_wrong_password_without_a_registration_is_trouble_and_no_busy_telephone(service, company, tmp_path):
    trunk = Trunk(service, tmp_path, company, "--user", USER, environment={"TRUNK_PASSWORD": "another"})
    assert trunk.outcome(trunk.call(number())) == "network"
    assert company.refused
    trunk.close()

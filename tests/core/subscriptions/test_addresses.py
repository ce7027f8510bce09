"""Where something may be sent, and where it never is."""

from ipaddress import ip_network

import pytest

from core.errors import UserError
from core.settings import Environment, Settings
from core.subscriptions.addresses import Reach, reach_of, target_of

INTERNET = Reach((), own_machine=False)
AT_HOME = Reach((), own_machine=True)
INSIDE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
    "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "::", "ff02::1", "198.18.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_private_address_is_reached(address):
    assert not INTERNET.allows(address, is_plain=False)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_the_internet_is_reached_by_tls_alone(address):
    assert (INTERNET.allows(address, is_plain=False), AT_HOME.allows(address, is_plain=True)) == (True, False)


def test_a_network_that_the_operator_has_named_is_reached_and_none_beside_it():
    reach = Reach([ip_network("10.20.0.0/16")], own_machine=False)
    assert [reach.allows(each, is_plain=False) for each in ("10.20.3.4", "::ffff:10.20.3.4", "10.21.0.1")] == [
        True, True, False,
    ]  # fmt: skip


def test_the_own_machine_is_reached_only_where_nothing_is_at_stake():
    assert (AT_HOME.allows("127.0.0.1", is_plain=True), INTERNET.allows("127.0.0.1", is_plain=True)) == (True, False)
    assert not INTERNET.allows("127.0.0.1", is_plain=False)


def test_settings_say_what_is_reached():
    given = {"webhook_networks": "10.20.0.0/16, fd00::/8", "secret_key": "s", "telephony": "sip",
             "sip_proxy": "192.0.2.1", "sip_caller": "+8631186000000"}  # fmt: skip
    reach = reach_of(Settings(environment=Environment.PRODUCTION, **given))
    assert ([str(each) for each in reach.networks], reach.own_machine) == (["10.20.0.0/16", "fd00::/8"], False)
    assert reach_of(Settings()).own_machine


@pytest.mark.parametrize(
    "url",
    ["", "city.example", "ftp://city.example/", "https://", "https://a:b@city.example/", "https://city.example/#x",
     "https://city.example:99999/", "https://city.example:0/", "https://[::1", "https://城市.example/",
     "https://city.example/\r\nX: y", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "http://city.example/",
     "http://1.1.1.1/", "https://127.0.0.1/", f"https://city.example/{'x' * 500}"],
)  # fmt: skip
def test_an_address_to_which_nothing_may_be_sent_is_refused_by_name(url):
    with pytest.raises(UserError) as refused:
        target_of(url, INTERNET)
    assert (refused.value.field, refused.value.value) == ("url", url)


def test_an_address_is_read_as_it_is_written():
    found = target_of("https://city.example/zaoan?from=1", INTERNET)
    assert (found.host, found.port, found.path, found.authority) == (
        "city.example",
        443,
        "/zaoan?from=1",
        "city.example",
    )
    found = target_of("http://[::1]:8080", AT_HOME)
    assert (found.host, found.path, found.authority, found.is_plain) == ("::1", "/", "[::1]:8080", True)
